"""The playground: any model, any text, one view at a time, with interventions that the reader lists."""
