"""The timeline in a browser: lanes, filters, a table, and for every event the sentence it rests on."""
