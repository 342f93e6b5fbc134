package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/pgtest"
)

// A decision is what an erasure does with the texts of a table.
type decision struct {
	goes  string // columns that are emptied, or whose row goes
	named string // columns of which only the name of the person goes
	stays string // columns that stay, and why
	why   string
}

// decisions are those about every column that can hold a text. TestErasing and its
// neighbours look whether what goes is gone; this list is that nothing is forgotten.
var decisions = map[string]decision{
	"analysis.assignment":      {stays: "audience variable codes", why: "codes"},
	"analysis.example":         {stays: "audience question", why: "which question it was sent to"},
	"analysis.example_event":   {stays: "kind how", why: "words of ours"},
	"analysis.example_version": {named: "title about parties goal", stays: "heading tags", why: "chosen from lists"},
	"analysis.frame":           {stays: "audience variable frame edit", why: "categories of answers, as staff defined them"},
	"analysis.publication":     {stays: "heading lede report titles snapshots edition reason changes why actor", why: "counts, and what staff wrote about them for everybody; an edition is withdrawn, never changed"},
	"analysis.quote":           {named: "text", stays: "audience variable", why: "names of variables"},
	"analysis.register":        {stays: "name title hash actor by_name why", why: "expectations, and who of the staff laid them down"},
	"analysis.snapshot":        {stays: "audience name actor manifest why", why: "counts and codes; its content goes where it holds an erased text"},
	"answer.coverage":          {named: "confirmed_by reason"},
	"answer.response":          {goes: "state", named: "withdrawn_why", stays: "key audience edition passed mode", why: "answers are the organisation's; a text that names the person gets a tombstone"},
	"answer.review":            {stays: "variable decision", why: "names of variables"},
	"answer.save":              {goes: "changed refused", stays: "request rendering actor mode page action", why: "the log takes tombstones and nothing else; actors are kinds"},
	"answer.submission":        {goes: "answers", stays: "status actor mode reason receipt modes", why: "a submission never changes but for a tombstone; the reason is a word of ours"},
	"contact.body":             {goes: "address name subject text extra"},
	"contact.call_note":        {goes: "text"},
	"contact.consent":          {goes: "name email phone", stays: "variable question", why: "the question that was answered"},
	"contact.contact":          {goes: "salutation name role email phone address sections added_by", named: "source end_note bounce_reason"},
	"contact.erasure":          {stays: "what variable actor", why: "the ledger: ids and names of variables"},
	"contact.inbox":            {goes: "sender recipients subject"},
	"contact.incoming":         {goes: "sender subject text", named: "effect", stays: "key kind warnings bounce", why: "the key keeps a mailbox from bringing the mail back; the others are words of ours"},
	"contact.link":             {stays: "purpose reason", why: "words of ours"},
	"contact.suppressed":       {stays: "why", why: "a word of ours beside a keyed hash"},
	"contact.upload":           {goes: "name", stays: "audience meaning", why: "a file that waits goes whole; meanings are words of ours"},
	"field.batch":              {stays: "actor step template", why: "words of ours"},
	"field.call":               {stays: "step outcome request", why: "words of ours"},
	"field.event":              {goes: "note", stays: "kind channel actor", why: "words of ours"},
	"field.message":            {goes: "domain", named: "reply", stays: "step channel template state claim actor", why: "that a message went, to whoever it was"},
	"field.sending":            {stays: "reason", why: "why all sending was stopped: about the installation"},
	"field.throttle":           {stays: "key", why: "domains of receivers, for seconds"},
	"register.area":            {stays: "extent", why: "about organisations"},
	"register.draft":           {stays: "name edition title basis missed stage", why: "a questionnaire"},
	"register.draft_step":      {stays: "step actor remark", why: "what staff said of a questionnaire"},
	"register.draft_version":   {stays: "text hash actor note", why: "a questionnaire"},
	"register.instrument":      {stays: "name edition source hash strata columns recodes", why: "a questionnaire"},
	"register.mirror":          {stays: "audience snapshot actor", why: "that it was announced"},
	"register.organisation":    {stays: "kind code name", why: "organisations are no persons"},
	"register.plan_version":    {stays: "plan calendar reason actor", why: "the plan, and why staff changed it"},
	"register.screening":       {stays: "ticked note outcome", why: "about the study"},
	"register.study":           {named: "stop_reason", stays: "slug title definition settings plan calendar", why: "the study; its sender and officer are there because the study says who they are"},
	"register.study_event":     {stays: "kind actor reason detail", why: "what staff did with the study; the form asks for no names"},
	"register.unit":            {named: "background", stays: "audience code name pseudonym", why: "the organisation"},
	"register.wording":         {stays: "step version audience source reason actor", why: "texts for everybody"},
	"register.wording_draft":   {stays: "step version audience subject body", why: "texts for everybody"},
	"staff.account":            {stays: "email name role awaits", why: "staff, whose accounts are ended apart"},
	"staff.attempt":            {stays: "kind origin", why: "tries to sign in, for minutes"},
	"staff.audit":              {stays: "actor action object detail", why: "names people by number; reasons may not name who is erased"},
	"staff.ceremony":           {stays: "kind record", why: "a challenge, for minutes"},
	"staff.identity":           {stays: "issuer subject", why: "staff"},
	"staff.login_link":         {stays: "kind", why: "a word of ours"},
	"staff.passkey":            {stays: "name record", why: "staff"},
	"staff.password":           {stays: "hash", why: "staff"},
	"staff.retention":          {stays: "class", why: "a word of ours"},
	"staff.role":               {stays: "role", why: "a word of ours"},
	"staff.session":            {stays: "method agent origin", why: "staff, for hours"},
	"staff.token":              {stays: "name scopes why", why: "programs"},
	"staff.token_day":          {stays: "what", why: "words of ours"},
}

// TestEveryTextHasADecision: a column that can hold a text is in the list above,
// and the list has nothing that is not there.
func TestEveryTextHasADecision(t *testing.T) {
	t.Parallel()
	rows, err := pgtest.Pool(t).Query(t.Context(), `
		select table_schema || '.' || table_name, array_agg(column_name::text order by column_name) from information_schema.columns join information_schema.tables using (table_schema, table_name)
		where table_type = 'BASE TABLE' and table_schema in ('register', 'contact', 'field', 'answer', 'analysis', 'staff') and data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY')
		group by 1`)
	if err != nil {
		t.Fatal(err)
	}
	var table string
	var columns []string
	left := map[string]bool{}
	for table := range decisions {
		left[table] = true
	}
	_, err = pgx.ForEachRow(rows, []any{&table, &columns}, func() error {
		delete(left, table)
		d := decisions[table]
		decided := slices.Sorted(slices.Values(strings.Fields(d.goes + " " + d.named + " " + d.stays)))
		slices.Sort(columns)
		if !slices.Equal(decided, columns) {
			t.Errorf("%s has the texts %v; decided is about %v", table, columns, decided)
		}
		if d.stays != "" && d.why == "" {
			t.Errorf("%s: nobody says why %s stays", table, d.stays)
		}
		return nil
	})
	if err != nil || len(left) > 0 {
		t.Errorf("tables that are not there: %v (%v)", left, err)
	}
}

// TestPseudonymsAreRandom: the same register in two studies has different
// pseudonyms, and none can be made from a code (standards V12): there are few codes.
func TestPseudonymsAreRandom(t *testing.T) {
	t.Parallel()
	f, g := newField(t, 5), newField(t, 5)
	of := func(f *field) []string {
		return one[[]string](t, f, `select array_agg(pseudonym order by audience, code) from register.unit`)
	}
	a, b := of(f), of(g)
	seen := map[string]bool{}
	for _, p := range append(a, b...) {
		if len(p) < 20 || seen[p] {
			t.Errorf("pseudonym %q is short, or follows from the unit", p)
		}
		seen[p] = true
	}
}
