package mail_test

import (
	"context"
	"errors"
	"testing"

	"github.com/uitvraag/uitvraag/internal/mail"
)

var (
	_ mail.Sender = (*mail.SMTP)(nil)
	_ mail.Sender = (*mail.Recorder)(nil)
)

func TestARecorderIsAsStrictAsSMTP(t *testing.T) {
	t.Parallel()
	var r mail.Recorder
	begun := 0
	begin := func(context.Context) error { begun++; return nil }
	evil := message()
	evil.Subject = "a\nb"
	if got := r.Send(t.Context(), evil, begin); got.Outcome != mail.Refused || got.Stage != mail.StageMessage || begun != 0 {
		t.Errorf("got %v", got)
	}
	if got := r.Send(t.Context(), message(), begin); got.Outcome != mail.Accepted || begun != 1 || len(r.Sent()) != 1 {
		t.Errorf("got %v, begun %d", got, begun)
	}
	if got := r.Send(t.Context(), message(), func(context.Context) error { return errors.New("no") }); got.Outcome != mail.Deferred || len(r.Sent()) != 1 {
		t.Errorf("got %v", got)
	}
	r.Answer = func(mail.Message) mail.Result {
		return mail.Result{Outcome: mail.Deferred, Stage: mail.StageRecipient, Code: 450}
	}
	if got := r.Send(t.Context(), message(), begin); got.Code != 450 || begun != 1 || len(r.Sent()) != 1 {
		t.Errorf("got %v, begun %d", got, begun)
	}
	r.Answer = func(mail.Message) mail.Result { return mail.Result{} }
	if got := r.Send(t.Context(), message(), begin); got.Outcome != mail.Unsure || begun != 2 || len(r.Sent()) != 2 {
		t.Errorf("got %v, begun %d", got, begun)
	}
	if r.Reset(); len(r.Sent()) != 0 {
		t.Error("not forgotten")
	}
}
