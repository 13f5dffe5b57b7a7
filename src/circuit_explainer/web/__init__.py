"""What runs in the reader's page: Python in one worker, small JavaScript modules, styles."""
