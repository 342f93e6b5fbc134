// Package migrations holds the schema as goose files. A merged file is never
// edited; a change is a new file.
package migrations

import "embed"

// FS holds the SQL files.
//
//go:embed *.sql
var FS embed.FS

// Serves is the schema of the oldest program that can serve on this one. Migrations
// add; one that takes away what a program needs comes a version after the last
// program that needs it, and raises this number.
const Serves int64 = 9
