"""Practice offices: invented cases carried through the law by the program's own use cases."""
