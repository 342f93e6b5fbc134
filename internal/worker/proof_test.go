package worker_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// TestAProofGoesToWhoWritesIt sends one over the wire: marked, without a working
// link, within the rate, and with a line in the log.
func TestAProofGoesToWhoWritesIt(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	tpl, _ := contactplan.Text("uitnodiging", contactplan.Mail)
	m := worker.ProofMail{Message: store.Outgoing{Study: r.Study, UnitName: "Voorbeeldstad", Unit: contactplan.Unit{ID: 1, Audience: "gemeente"}, Contact: store.Contact{ID: 1, Name: "A. de Vries", Email: "niemand@example.org"}},
		Form: r.Forms["gemeente"], Text: tpl, To: mail.Address{Name: "Ine", Email: "ine@bureau.example"}, Object: "uitnodiging", By: store.BySystem}
	before := len(r.smtpd.kept())
	if got, err := r.mailer().Proof(t.Context(), m); err != nil || got.Outcome != mail.Accepted {
		t.Fatalf("%v, %v", got, err)
	}
	kept := r.smtpd.kept()
	if len(kept) != before+1 {
		t.Fatalf("%d mails", len(kept)-before)
	}
	data := string(kept[before].data)
	for _, want := range []string{"[PROEF]", "/v/proef", "ine@bureau.example"} {
		if !strings.Contains(data, want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
	if strings.Contains(data, "niemand@example.org") {
		t.Error("the addressee of the example is in it")
	}
	var n int
	if err := r.pool.QueryRow(t.Context(), `select count(*) from staff.audit where action = 'proefmail verstuurd'`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d lines in the log, %v", n, err)
	}
	r.rate(1, 1)
	r.exec(`update field.throttle set tokens = 0`)
	if _, err := r.mailer().Proof(t.Context(), m); errs.KindOf(err) != errs.Conflict {
		t.Errorf("without room: %v", err)
	}
}
