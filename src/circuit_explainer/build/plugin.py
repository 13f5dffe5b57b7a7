"""The MkDocs plugin: schedules what the plain functions of this package do."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from circuit_explainer.build import about, assets, fences, formulas, glossary, keep, lesson, policy, prerender, shipped
from circuit_explainer.build.course import Course
from circuit_explainer.build.version import DATE

# Material's word lists for other languages, which the search of English pages never asks for.
UNUSED = "assets/javascripts/lunr/"
log = get_plugin_logger(__name__)


class Options(Config):
    """`runtime` is the folder that `python -m circuit_explainer.build.runtime assemble` filled."""

    runtime = options.Dir(exists=False, default=".cache/runtime")


class CircuitExplainerPlugin(BasePlugin[Options]):
    """Renders `pyscript` and `predict` fences and adds the browser's half of the site."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add the fences, the templates, styles and scripts."""
        superfences = config.mdx_configs.setdefault("pymdownx.superfences", {})
        superfences.setdefault("custom_fences", []).extend(fences.FENCES)
        inline = config.mdx_configs.setdefault("pymdownx.inlinehilite", {})
        inline.setdefault("custom_inline", []).extend(fences.INLINE)
        terms = Path(config.docs_dir) / glossary.FILE
        self.terms = glossary.read(terms) if terms.is_file() else {}
        config.theme.dirs.insert(0, str(assets.TEMPLATES))
        self.site = assets.collect(Path(self.config.runtime))
        self.about = self._about(config)
        self.parts = shipped.parts(Path(self.config.runtime))
        said = {"about": self.about, "day": DATE, "keep": keep.switch()}
        config.extra["circuit_explainer"] = assets.template_data(self.site) | said
        # The template links these styles where there are docstrings.
        config.extra_css[:] = [path for path in config.extra_css if path != assets.DOCSTRING_STYLES]
        config.extra_css.extend(assets.stylesheets(self.site))
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the runtime, the models, the package and the page's scripts to the site."""
        for file in assets.site_files(self.site, config):
            files.append(file)
        for name, text in shipped.texts(Path(self.config.runtime)).items():
            files.append(File.generated(config, f"{shipped.FOLDER}/{name}.txt", content=text))
        for file in list(files):
            if file.src_uri.startswith(UNUSED) or file.src_uri.endswith(".map"):
                files.remove(file)
        return files

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Finish what others wrote: mend the search, give every page its policy; then describe what was built."""
        site = Path(config.site_dir)
        mend = Path(__file__).with_name("search.js").read_text(encoding="utf-8")
        for worker in site.glob("assets/javascripts/workers/search.*.js"):
            worker.write_text(f"{worker.read_text(encoding='utf-8')}\n{mend}", encoding="utf-8")
        for path in policy.pages(site):
            path.write_text(policy.guarded(path.read_text(encoding="utf-8")), encoding="utf-8")
        keep.fill(site)
        try:
            shipped.write(site, self.parts)
        except ValueError as error:
            raise PluginError(str(error)) from error
        keep.write(site)

    def on_nav(self, nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
        """Note the lessons in their order."""
        lessons = [page for page in nav.pages if page.file.src_uri.startswith("lessons/") and not page.is_index]
        self.lessons = {page.file.name: str(page.title) for page in lessons}
        self.course = Course(self.lessons, Path(config.docs_dir) / "lessons", self.about)
        return nav

    def on_page_markdown(self, markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Start the page: its blocks run as SuperFences meets them."""
        source = page.file.abs_src_path
        if source is None:
            raise PluginError(f"{page.file.src_uri} was generated; pages with blocks must be files.")
        prerender.begin(page.file.src_uri, Path(source), self.terms, self.course)
        return markdown

    def on_page_content(self, html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Finish the page: fail on what its blocks did wrong, add what its script needs."""
        run = prerender.end()
        if run.errors:
            raise PluginError("\n".join(run.errors))
        return self._finished(html, page) + prerender.page_data(run)

    def _about(self, config: MkDocsConfig) -> about.About | None:
        try:
            return about.read(Path(config.config_file_path).parent, config.site_url, config.repo_url)
        except ValueError as error:
            raise PluginError(str(error)) from error

    def _finished(self, html: str, page: Page) -> str:
        try:
            if "lesson" in page.meta:
                html = lesson.frame(html, page.file.name, page.meta["lesson"], self.lessons)
            html = shipped.fill(html, self.parts)
            return formulas.typeset(html, Path(self.config.runtime) / "tools" / "katex.mjs")
        except ValueError as error:
            raise PluginError(f"{page.file.src_uri}: {error}") from error
