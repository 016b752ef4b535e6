"""Packages of evidence: BagIt 1.0 parts (RFC 8493) of a chosen size, each taken in alone."""
