"""What the lab and the playground do, as plain functions of JSON data; a package of its own in the browser."""
