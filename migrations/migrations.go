// Package migrations holds the schema as goose files. A merged file is never
// edited; a change is a new file.
package migrations

import "embed"

// FS holds the SQL files.
//
//go:embed *.sql
var FS embed.FS
