// Package publication keeps rulebooks that people have published to a running service: who, when, from when on, why, and the
// files themselves; and it brings them to all replicas.
//
// Its one rule: a history only grows. The newest publication whose start has come is in force, and nobody goes back to an
// earlier one without a publication that says so.
//
// A Library is what one process knows. It keeps a copy in a Dir, so that a start needs nobody else, and shares what it knows
// with the other replicas through a Remote. Numbers count the publications of one rulebook from 1.
package publication

import "errors"

// Errors of publishing.
var (
	// ErrConflict: somebody else has published since the caller looked; nothing was done.
	ErrConflict = errors.New("somebody else has published in the meantime")
	// ErrDown: what the replicas share does not answer. Whether a publication got through is not known.
	ErrDown = errors.New("what the replicas share does not answer")
	// ErrNoArchive: the files of a publication are not where they were looked for.
	ErrNoArchive = errors.New("the files of this publication are not there")
	// ErrSchema: the data was written by a newer version of the program.
	ErrSchema = errors.New("publications were written by a newer version of Kvitto")
)
