package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/mail"
)

// A DossierPart is one kind of what there is of a person, as text.
type DossierPart struct {
	Title   string     `json:"title"`
	About   string     `json:"about,omitempty"` // what this is, in a sentence
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// A Dossier is everything about one person (standards V6): what a request for
// access is answered with. It holds no links, codes or hashes.
type Dossier struct {
	Contacts []PersonContact `json:"-"`
	Made     time.Time       `json:"made"`
	Parts    []DossierPart   `json:"parts"`
}

// moment prints a time in Dutch time; "" where there is none.
func moment(column string) string {
	return "coalesce(to_char(" + column + ` at time zone 'Europe/Amsterdam', 'DD-MM-YYYY HH24.MI'), '')`
}

// A chapter asks for a part. $1 are the contacts of the person.
type chapter struct {
	title, about string
	columns      []string
	role         role
	sql          string
}

var chapters = []chapter{
	{"Contactgegevens", "Wat wij van u weten, en waar wij dat vandaan hebben.", []string{"Onderzoek", "Organisatie", "Aanhef", "Naam", "Functie", "E-mail", "Telefoon", "Adres", "Bron", "Bron van", "Toegevoegd", "Toegevoegd door", "Beëindigd", "Reden", "Wil geen mail sinds", "Mail komt niet aan sinds"}, fieldwork, `
		select s.title, concat_ws(' ', u.code, u.name), c.salutation, c.name, c.role, c.email, c.phone, c.address, c.source, coalesce(to_char(c.source_date, 'DD-MM-YYYY'), ''), ` + moment("c.added") + `, c.added_by, -- store.Dossier
			` + moment("c.ended") + `, c.end_note, ` + moment("c.opted_out") + `, ` + moment("c.bounced") + `
		from contact.contact c join register.unit u on u.id = c.unit join register.study s on s.id = u.study where c.id = any($1) order by c.id`},
	{"Persoonlijke links", "Wanneer wij u een link gaven. De links zelf bewaren wij niet.", []string{"Gemaakt", "Waarvoor", "Ingetrokken", "Reden"}, fieldwork, `
		select ` + moment("made") + `, purpose, ` + moment("revoked") + `, reason from contact.link where contact = any($1) order by id -- store.Dossier`},
	{"Bezoeken", "Wanneer de vragenlijst met uw link werd geopend, voor zover dat nog bekend is.", []string{"Geopend", "Laatst gezien"}, collect, `
		select ` + moment("g.made") + `, ` + moment("s.seen") + ` from answer.granted g join contact.session s on s.hash = g.session where g.contact = any($1) order by g.made -- store.Dossier`},
	{"Berichten en brieven", "Wat wij u stuurden. Waar een link of code stond, staat nu een teken.", []string{"Klaargezet", "Verstuurd", "Soort", "Bericht", "Stand", "Aan", "Adres", "Onderwerp", "Tekst", "Antwoord van de mailserver"}, fieldwork, `
		select ` + moment("m.queued") + `, ` + moment("m.done") + `, case m.channel when 'mail' then 'e-mail' else 'brief' end, m.template, m.state, coalesce(b.name, ''), coalesce(b.address, ''), coalesce(b.subject, ''), coalesce(b.text, ''), m.reply -- store.Dossier
		from field.message m left join contact.body b on b.message = m.id where m.contact = any($1) order by m.queued, m.id`},
	{"Binnengekomen mail", "Mail van u of over een bericht aan u.", []string{"Ontvangen", "Soort", "Afzender", "Onderwerp", "Tekst", "Gevolg"}, fieldwork, `
		select ` + moment("received") + `, kind, sender, subject, text, effect from contact.incoming i -- store.Dossier
		where contact = any($1) or exists (select from contact.contact c where c.id = any($1) and c.email <> '' and position(lower(c.email) in lower(i.sender)) > 0) order by received, id`},
	{"Telefoongesprekken", "Wanneer wij belden, en wat wij daarbij noteerden.", []string{"Wanneer", "Uitkomst", "Gesproken", "Afspraak", "Notitie"}, fieldwork, `
		select ` + moment("c.at") + `, c.outcome, case when c.reached then 'ja' else 'nee' end, ` + moment("c.again") + `, coalesce(n.text, '') -- store.Dossier
		from field.call c left join contact.call_note n on n.call = c.id where c.contact = any($1) order by c.at, c.id`},
	{"Gebeurtenissen", "Wat er door u of aan u is gebeurd.", []string{"Wanneer", "Genoteerd", "Wat", "Hoe", "Notitie"}, fieldwork, `
		select ` + moment("e.occurred") + `, ` + moment("e.recorded") + `, e.kind, e.channel, e.note from field.event e -- store.Dossier
		where e.actor = 'respondent' and e.actor_id = any($1) or e.id in (select event from field.message where contact = any($1)) or e.id in (select event from field.call where contact = any($1)) order by e.occurred, e.id`},
	{"Opgeslagen antwoorden", "Wat u invulde en wanneer. De antwoorden gaan over uw organisatie.", []string{"Wanneer", "Pagina", "Hoe", "Vraag", "Was", "Werd"}, fieldwork, `
		select ` + moment("s.at") + `, s.page, s.mode, coalesce(e ->> 'v', ''), coalesce(e ->> 'w', ''), coalesce(e ->> 'i', '') -- store.Dossier
		from answer.save s left join lateral jsonb_array_elements(s.changed || s.refused) e on true where s.actor = 'respondent' and s.actor_id = any($1) order by s.id`},
	{"Verstuurde vragenlijsten", "Wat u verstuurde.", []string{"Wanneer", "Ontvangstcode", "Stand", "Reden", "Antwoorden"}, fieldwork, `
		select ` + moment("at") + `, receipt, status, reason, answers::text from answer.submission where actor = 'respondent' and actor_id = any($1) order by id -- store.Dossier`},
	{"Toestemmingen", "Of wij u mogen benaderen voor ander onderzoek.", []string{"Gevraagd", "Gegeven", "Ingetrokken", "Naam", "E-mail", "Telefoon"}, fieldwork, `
		select question, ` + moment("given") + `, ` + moment("withdrawn") + `, name, email, phone from contact.consent where contact = any($1) order by id -- store.Dossier`},
	{"Logboek", "Wat medewerkers met uw gegevens deden.", []string{"Wanneer", "Door", "Wat", "Waarmee"}, keeper, `
		select ` + moment("at") + `, actor, action, object from staff.audit -- store.Dossier
		where object = any(select 'contact ' || c from unnest($1::bigint[]) c) or detail -> 'contacten' @> any(select to_jsonb(c) from unnest($1::bigint[]) c) or actor = 'respondent' and actor_id = any($1) order by id`},
}

// Dossier returns everything about a person, and writes in the log that somebody
// looked, and why. contact is one of the person's; studyID 0 looks in all studies.
func (s *Store) Dossier(ctx context.Context, studyID, contact int64, reason string, by Actor, now time.Time) (Dossier, error) {
	d := Dossier{Made: now}
	t, err := s.Traces(ctx, studyID, contact)
	if err != nil {
		return d, err
	}
	d.Contacts = t.Contacts
	var ids []int64
	for _, c := range t.Contacts {
		ids = append(ids, c.ID)
	}
	err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		return audit(ctx, tx, now, by, studyID, "inzage gegeven", fmt.Sprint("contact ", contact), map[string]any{"reden": reason, "contacten": ids})
	})
	for _, c := range chapters {
		if err != nil {
			break
		}
		err = s.read(ctx, c.role, func(tx pgx.Tx) error {
			p := DossierPart{Title: c.title, About: c.about, Columns: c.columns, Rows: [][]string{}}
			p.Rows, err = all(ctx, tx, texts, c.sql, ids)
			d.Parts = append(d.Parts, p)
			return err
		})
	}
	if err == nil {
		d.Parts = append(d.Parts, mentionedPart(t))
		err = s.read(ctx, fieldwork, func(tx pgx.Tx) error {
			p, err := inboxPart(ctx, tx, t.Inbox)
			d.Parts = append(d.Parts, p)
			return err
		})
	}
	if err != nil {
		return d, fmt.Errorf("dossier: %w", err)
	}
	return d, nil
}

// texts reads a row of which every column is text.
func texts(row pgx.CollectableRow) ([]string, error) {
	out := make([]string, len(row.FieldDescriptions()))
	into := make([]any, len(out))
	for i := range out {
		into[i] = &out[i]
	}
	return out, row.Scan(into...)
}

// mentionedPart is where others wrote about the person.
func mentionedPart(t Traces) DossierPart {
	p := DossierPart{Title: "Waar u wordt genoemd", About: "Open antwoorden en notities waarin uw naam, adres of telefoonnummer staat.", Columns: []string{"Organisatie", "Waar", "Tekst"}, Rows: [][]string{}}
	for _, x := range t.Texts {
		where := "antwoord op " + x.Variable
		if x.Event != 0 {
			where = "notitie"
		}
		p.Rows = append(p.Rows, []string{x.UnitCode, where, x.Text})
	}
	return p
}

// inboxPart is the whole mails in the built-in inbox, as their reader saw them.
func inboxPart(ctx context.Context, tx pgx.Tx, ids []int64) (DossierPart, error) {
	p := DossierPart{Title: "Ingebouwd postvak", About: "Hele mails, op een installatie zonder mailserver.", Columns: []string{"Ontvangen", "Van", "Aan", "Onderwerp", "Tekst"}, Rows: [][]string{}}
	rows, _ := tx.Query(ctx, `select `+moment("received")+`, data from contact.inbox where id = any($1) order by id -- store.inboxPart`, ids)
	var at string
	var data []byte
	_, err := pgx.ForEachRow(rows, []any{&at, &data}, func() error {
		m := mail.Show(data)
		p.Rows = append(p.Rows, []string{at, m.From, m.To, m.Subject, withoutLinks(m.Text)})
		return nil
	})
	return p, err
}

// withoutLinks takes the links that open a questionnaire out of a mail: a dossier
// is handed on, and must open nothing.
func withoutLinks(text string) string {
	words := strings.SplitAfter(text, "/v/")
	for i := 1; i < len(words); i++ {
		end := strings.IndexFunc(words[i], func(r rune) bool { return !isToken(r) })
		if end < 0 {
			end = len(words[i])
		}
		if end >= 16 {
			words[i] = "[link]" + words[i][end:]
		}
	}
	return strings.Join(words, "")
}

func isToken(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}

// Kinds prints the words of kinds of events in the place of their ids.
func (d Dossier) Kinds() Dossier {
	for i, p := range d.Parts {
		at := slices.Index(p.Columns, "Wat")
		if p.Title != "Gebeurtenissen" || at < 0 {
			continue
		}
		for _, row := range p.Rows {
			row[at] = event.Kind(row[at]).Title()
		}
		d.Parts[i] = p
	}
	return d
}
