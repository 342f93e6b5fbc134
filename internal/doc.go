// Package internal is the newcomer's map; it holds no code.
//
// Two rivers run through Uitvraag. In one, a questionnaire becomes a table; in
// the other, a register becomes an account of who was asked and who answered.
// They meet where the report is made.
//
//	A  instrument ─► form ─► answer ─► dataset ─► table · scale · hypothesis ─► report ─► web page | file
//	B  register file ─► sample ─► contact plan ─► message · call ─► event ─► disposition ─► response account ─► report
//
// A package is a stage that the data passes through, named by the noun it owns.
// Data moves forward, imports point back: a package imports only packages that
// stand before it in the list below. What can be decided without a database is
// a plain function of its arguments, the clock included. store remembers,
// server translates, worker waits; none of them decides.
//
// The packages that exist now, in reading order:
//
//	errs         kinds of failure, and text that is safe to show
//	sheet        a table from a CSV file or workbook: rows with their line numbers, every cell as it was written
//	stat         estimates and tests on numbers: no labels, no survey words
//	mail         a message out over SMTP, and exactly what became of it; what comes back: reports, automatic replies, answers
//	localpg      the private PostgreSQL of a single machine: find, start, join, recover, stop
//	migrations   the schema, as goose files
//	web/static   style sheets and icon, each under a path with a hash of its content
//	logic        conditions: parse, check, evaluate against a lookup function
//	instrument   a questionnaire in one exact version, down to its variables; the definitions that come with the product
//	limesurvey   questionnaires from and to LimeSurvey, with what does not fit
//	sample       a register file becomes organisations and units, or problems
//	event        what can happen to a unit
//	disposition  what came of a unit, whether it may still be approached, the response account and its rates
//	contactplan  the ladder of invitation and reminders: steps, days and hours, what is due now; the texts of the messages
//	study        one survey in the field: its instruments, times and promises
//	checklist    what must be in order before a study may be released, and why
//	account      who works with the platform, and in what role
//	credential   how staff prove who they are: passwords, codes of an app, recovery codes
//	answer       values by variable, saves, conflicts between two people, completeness, submissions
//	form         instrument and answers become the page to show; what was posted becomes answers or problems
//	dataset      answers column by column: build, derive, filter; snapshots; immutable once built
//	table        the book of tables: its model, how it is made of a dataset, and the audit of any book
//	disclosure   what of a book and of data may be published, and the proof of it
//	scale        statements that measure one thing: scores, reliability, and whether a published result can be true
//	hypothesis   what was expected beforehand, as data: tests, verdicts and figures
//	coding       code frames with their history, who coded what, how much coders agree; what an answer resembles
//	representativity response against non-response, R-indicators, weights, whom to call first
//	forecast     how many units will have answered at closing, from what happened so far
//	standing     where the units of a study stand at a moment, added up
//	call         what a call can come to, and whom to call now
//	baseline     the published results of 2018 as data, with what is doubtful about them
//	chart        QR codes and figures, as what stands inside an SVG
//	report       a document as ordered blocks, in the words and digits in which they are printed
//	publication  what a study gives back to everybody: factsheet, models, response, report; what changed since
//	mirror       the answers of one unit beside those of all and of its group
//	export       data and documents to files
//	api          what programs may ask of a study, and the document that says so
//	backup       the file of a backup: every table of one moment, each with its digest
//	store        all SQL, one file per noun; every transaction takes on the role it needs
//	demo         made-up organisations, histories and answers
//	web/ui       the parts that pages are made of
//	web/page     the pages: one struct and its View each
//	worker       waits, and does what is due
//	server       routes, handlers, sessions
//	pgtest       a migrated database per test
//	htmltest     pages as a browser without JavaScript reads them, for tests
//	fixture      studies for tests
//	cmd/uitvraag the one binary: commands and environment
//
// Begin with instrument, form and answer: they can be read without knowing
// anything else. layers_test.go holds this order, and who may use which tool.
// ARCHITECTURE.md says why.
package internal
