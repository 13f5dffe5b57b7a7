import pytest

from tests.workbench.cell.ran import fresh_cell

fresh = pytest.fixture(autouse=True)(fresh_cell)
