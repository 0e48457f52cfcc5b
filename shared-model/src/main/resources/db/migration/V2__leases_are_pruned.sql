COMMENT ON TABLE lease IS
    'Who may do some work alone for a while. A row that nobody has renewed for long is deleted: the next token is 1 again, and a change under an old lease still fails, as it names its holder too. Each name is written by the one service whose work it is.';
