package store_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/localpg"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
)

// granted is what each role may do with each table of the database, and nothing
// else (DESIGN 4, standards V4): s select, i insert, u update, d delete. update in
// brackets is of those columns only. Who adds a table decides here who may see it;
// a table without a line fails TestRolesMayDoWhatWasDecided.
var granted = map[string]map[string]string{
	"analysis.register":        {"analysis": "sid(why withdrawn)"},
	"analysis.publication":     {"analysis": "siud"},
	"analysis.frame":           {"analysis": "si"},
	"analysis.assignment":      {"analysis": "si"},
	"analysis.example":         {"analysis": "si(link)", "fieldwork": "s"},
	"analysis.example_version": {"analysis": "si", "fieldwork": "su"},
	"analysis.example_event":   {"analysis": "si"},
	"analysis.public_example":  {"analysis": "s"},
	"analysis.quote":           {"analysis": "siu", "fieldwork": "su"},
	"analysis.snapshot":        {"analysis": "si(erased why)"},
	"analysis.snapshot_part":   {"analysis": "sid"},
	"answer.coverage":          {"analysis": "s", "collect": "siu", "fieldwork": "siu"},
	"answer.granted":           {"collect": "siud"},
	"answer.response":          {"analysis": "s", "collect": "siu", "fieldwork": "siu"},
	"answer.save":              {"collect": "si", "fieldwork": "si"},
	"answer.submission":        {"analysis": "s", "collect": "si", "fieldwork": "si"},
	"contact.body":             {"collect": "i", "fieldwork": "siud"},
	"contact.call_note":        {"fieldwork": "siud"},
	"contact.contact":          {"collect": "siu", "fieldwork": "siud"},
	"contact.consent":          {"collect": "siu", "fieldwork": "siud"},
	"answer.review":            {"fieldwork": "siud"},
	"register.plan_version":    {"fieldwork": "si"},
	"register.draft":           {"fieldwork": "siu"},
	"register.draft_step":      {"fieldwork": "si"},
	"register.draft_version":   {"fieldwork": "si"},
	"register.wording":         {"fieldwork": "si"},
	"register.wording_draft":   {"fieldwork": "siud"},
	"staff.token":              {"fieldwork": "siu"},
	"staff.token_day":          {"fieldwork": "siu"},
	"register.screening":       {"fieldwork": "si"},
	"staff.retention":          {"fieldwork": "si"},
	"contact.erasure":          {"fieldwork": "si"},
	"contact.inbox":            {"fieldwork": "siud"},
	"contact.incoming":         {"fieldwork": "siud"},
	"contact.link":             {"collect": "siu", "fieldwork": "siud"},
	"contact.session":          {"collect": "siud"},
	"contact.suppressed":       {"collect": "si", "fieldwork": "siud"},
	"contact.upload":           {"fieldwork": "siud"},
	"field.batch":              {"fieldwork": "siud"},
	"field.call":               {"fieldwork": "siud"},
	"field.event":              {"collect": "si", "fieldwork": "si"},
	"field.message":            {"collect": "siu", "fieldwork": "siud"},
	"field.reservation":        {"fieldwork": "siud"},
	"field.sending":            {"collect": "s", "fieldwork": "siud"},
	"field.throttle":           {"fieldwork": "siud"},
	"public.goose_db_version":  {"analysis": "s", "audit": "s", "collect": "s", "fieldwork": "s"},
	"register.area":            {"analysis": "s", "fieldwork": "siud"},
	"register.instrument":      {"analysis": "s", "collect": "s", "fieldwork": "siu"},
	"register.mirror":          {"collect": "s", "fieldwork": "si"},
	"register.organisation":    {"analysis": "s", "collect": "s", "fieldwork": "siu"},
	"register.study":           {"analysis": "s", "collect": "s", "fieldwork": "siu"},
	"register.study_event":     {"fieldwork": "si"},
	"register.succession":      {"analysis": "s", "fieldwork": "siu"},
	"register.unit":            {"analysis": "s", "collect": "s", "fieldwork": "siu"},
	"staff.account":            {"fieldwork": "siud"},
	"staff.attempt":            {"collect": "siud", "fieldwork": "siud"},
	"staff.audit":              {"analysis": "i", "audit": "si", "collect": "i", "fieldwork": "i"},
	"staff.login_link":         {"fieldwork": "siud"},
	"staff.password":           {"fieldwork": "siud"},
	"staff.app":                {"fieldwork": "siud"},
	"staff.recovery":           {"fieldwork": "siud"},
	"staff.passkey":            {"fieldwork": "siud"},
	"staff.identity":           {"fieldwork": "siud"},
	"staff.ceremony":           {"fieldwork": "siud"},
	"staff.backup":             {"fieldwork": "s"},
	"staff.role":               {"fieldwork": "siud"},
	"staff.session":            {"fieldwork": "siud"},
	"staff.study_log":          {"fieldwork": "s"},
}

// callable is what the roles may ask of the owner of the database: each erases, and
// writes down that it did.
var callable = map[string][]string{
	"fieldwork": {"answer.erase_answers", "answer.erase_reasons", "answer.erase_text", "contact.forget_links", "field.erase_note"},
}

// asLogin connects as a role such as the one that serves: it owns nothing, and may
// take on the group roles.
func asLogin(t *testing.T, owner string) *pgx.Conn {
	t.Helper()
	name := "test_login_" + randomText()
	o, err := pgx.Connect(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range append([]string{"create role " + name + " login nosuperuser nocreatedb nocreaterole noinherit password 'test'"}, grantsTo(name)...) {
		if _, err := o.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	config, err := pgx.ParseConfig(owner)
	if err != nil {
		t.Fatal(err)
	}
	config.User, config.Password = name, "test"
	c, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		_ = c.Close(ctx)
		if _, err := o.Exec(ctx, "drop role "+name); err != nil {
			t.Error(err)
		}
		_ = o.Close(ctx)
	})
	return c
}

func grantsTo(name string) []string {
	var out []string
	for _, r := range localpg.GroupRoles {
		out = append(out, "grant "+r+" to "+name)
	}
	return out
}

// TestRolesMayDoWhatWasDecided compares the rights of every role on every table
// with the list above.
func TestRolesMayDoWhatWasDecided(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	rows, err := pool.Query(t.Context(), `
		select n.nspname || '.' || c.relname, r.rolname, concat(
			case when has_table_privilege(r.oid, c.oid, 'select') then 's' when has_any_column_privilege(r.oid, c.oid, 'select') then 'some columns' end,
			case when has_table_privilege(r.oid, c.oid, 'insert') then 'i' end,
			case when has_table_privilege(r.oid, c.oid, 'update') then 'u' end,
			case when has_table_privilege(r.oid, c.oid, 'delete') then 'd' end,
			case when not has_table_privilege(r.oid, c.oid, 'update') and has_any_column_privilege(r.oid, c.oid, 'update') then '(' ||
				(select string_agg(a.attname, ' ' order by a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and has_column_privilege(r.oid, c.oid, a.attnum, 'update')) || ')' end,
			case when has_table_privilege(r.oid, c.oid, 'truncate, references, trigger') then ' and truncate, references or trigger' end)
		from pg_class c join pg_namespace n on n.oid = c.relnamespace, pg_roles r
		where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and r.rolname = any($1)`, localpg.GroupRoles)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	var table, role, got string
	_, err = pgx.ForEachRow(rows, []any{&table, &role, &got}, func() error {
		there[table] = true
		if want, decided := granted[table]; !decided {
			if got != "" {
				t.Errorf("%s is new: decide in granted, at the top of this file, what %s may do with it (now %q)", table, role, got)
			}
		} else if want[role] != got {
			t.Errorf("%s may do %q with %s, want %q", role, got, table, want[role])
		}
		return nil
	})
	if err != nil || len(there) < 30 {
		t.Fatal(err, len(there))
	}
	for table := range granted {
		if !there[table] {
			t.Errorf("%s is in the list, and not in the database", table)
		}
	}
}

// TestRolesOwnNothingAndAreNobodyElse looks for ways around the grants: ownership,
// membership, functions that run as their owner, schemas to put something in.
func TestRolesOwnNothingAndAreNobodyElse(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	list := func(sql string) []string {
		t.Helper()
		rows, err := pool.Query(t.Context(), sql, localpg.GroupRoles)
		if err != nil {
			t.Fatal(err)
		}
		out, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for what, sql := range map[string]string{
		"owns":        `select r.rolname || ' ' || c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = any($1)`,
		"is a member": `select r.rolname || ' of ' || pg_get_userbyid(m.roleid) from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = any($1)`,
		"may log in":  `select rolname::text from pg_roles where rolname = any($1) and (rolcanlogin or rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication)`,
		"may create":  `select r.rolname || ' in ' || n.nspname from pg_namespace n, pg_roles r where r.rolname = any($1) and n.nspname !~ '^pg_' and has_schema_privilege(r.oid, n.oid, 'create')`,
		"may pass on": `select r.rolname || ' ' || c.relname from pg_class c, aclexplode(c.relacl) a, pg_roles r where r.oid = a.grantee and r.rolname = any($1) and a.is_grantable`,
		"everybody may see": `select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
			where a.grantee = 0 and n.nspname not in ('pg_catalog', 'information_schema') and c.relname <> 'goose_db_version' and cardinality($1::text[]) > 0`,
	} {
		if got := list(sql); len(got) > 0 {
			t.Errorf("%s: %v", what, got)
		}
	}
	got := map[string][]string{}
	for _, line := range list(`
		select r.rolname || ' ' || n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace, pg_roles r
		where r.rolname = any($1) and p.prosecdef and has_function_privilege(r.oid, p.oid, 'execute') and n.nspname not in ('pg_catalog', 'information_schema') order by 1`) {
		role, function, _ := strings.Cut(line, " ")
		got[role] = append(got[role], function)
	}
	if !maps.EqualFunc(got, callable, slices.Equal) {
		t.Errorf("functions that run as the owner: %v, want %v", got, callable)
	}
	for _, f := range list(`select p.oid::regprocedure::text from pg_proc p where p.prosecdef and cardinality($1::text[]) > 0 and p.pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
		and not exists (select from unnest(p.proconfig) c where c like 'search_path=%')`) {
		t.Errorf("%s runs as its owner with the search path of the caller", f)
	}
}

// TestNobodyGetsAroundTheWalls logs in as the site does and tries, in every role
// and with every table, what no role may.
func TestNobodyGetsAroundTheWalls(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	owner := pool.Config().ConnString()
	c := asLogin(t, owner)
	var ownerName string
	if err := pool.QueryRow(t.Context(), `select current_user`).Scan(&ownerName); err != nil {
		t.Fatal(err)
	}
	refused := func(as, sql string) {
		t.Helper()
		tx, err := c.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if as != "" {
			if _, err := tx.Exec(t.Context(), "set local role "+as); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tx.Exec(t.Context(), sql); err == nil {
			t.Errorf("as %q: %s was allowed", as, sql)
		}
		_ = tx.Rollback(t.Context()) // it failed already
	}
	tables := slices.Sorted(maps.Keys(granted))
	for _, table := range tables {
		if table != "public.goose_db_version" {
			refused("", "select from "+table+" limit 1") // the login itself may nothing
		}
	}
	for _, role := range localpg.GroupRoles {
		for _, table := range tables {
			for _, sql := range []string{"truncate %s cascade", "alter table %s disable trigger all", "alter table %s owner to " + role, "drop table %s cascade",
				"create trigger x before insert on %s execute function answer.keep()", "copy %s to program 'true'", "alter table %s add column x text"} {
				refused(role, fmt.Sprintf(sql, table))
			}
			if !strings.Contains(granted[table][role], "s") {
				refused(role, "copy "+table+" to stdout")
				refused(role, "create temp table x as select * from "+table)
				refused(role, "select (select count(*) from "+table+") > 0")
			}
		}
		for _, sql := range []string{"set session_replication_role = replica", "set role " + ownerName, "set session authorization " + ownerName, "grant " + ownerName + " to " + role,
			"alter role " + role + " superuser", "create schema x", "create table public.x (n int)", "create function answer.x() returns int language sql security definer as 'select 1'",
			"create or replace function answer.keep() returns trigger language plpgsql as 'begin return new; end'", "drop trigger save_keep on answer.save",
			"select pg_read_file('/etc/passwd')", "create extension dblink", "alter function answer.keep() owner to " + role, "alter database " + pool.Config().ConnConfig.Database + " set session_replication_role = replica"} {
			refused(role, sql)
		}
	}
	for _, table := range []string{"staff.audit", "contact.erasure", "answer.save", "answer.submission", "field.event", "analysis.snapshot_part"} {
		for _, role := range localpg.GroupRoles {
			refused(role, "update "+table+" set "+map[string]string{"staff.audit": "at = at", "contact.erasure": "at = at", "answer.save": "at = at", "answer.submission": "at = at", "field.event": "note = ''", "analysis.snapshot_part": "place = 0"}[table])
			if table != "analysis.snapshot_part" || role != "analysis" {
				refused(role, "delete from "+table)
			}
		}
	}
}

func randomText() string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(store.NewToken()))
}
