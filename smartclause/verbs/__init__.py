"""One public function per verb: the only place where clauses meet evidence."""
