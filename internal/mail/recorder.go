package mail

import (
	"context"
	"slices"
	"sync"
)

// A Recorder is a [Sender] for tests: it checks and writes messages as [SMTP]
// does, and keeps them. Its zero value accepts everything.
type Recorder struct {
	// Answer says what becomes of a message, if it is not nil.
	Answer func(Message) Result

	mu   sync.Mutex
	sent []Message
}

// Send implements [Sender].
func (r *Recorder) Send(ctx context.Context, m Message, begin func(context.Context) error) Result {
	if _, err := m.Bytes(nil); err != nil {
		return Result{Outcome: Refused, Stage: StageMessage, Err: err}
	}
	if err := ctx.Err(); err != nil {
		return Result{Outcome: Deferred, Stage: StageConnect, Err: err}
	}
	result := Result{Outcome: Accepted, Stage: StageEnd, Code: 250, Status: "2.0.0", Reply: "recorded"}
	if r.Answer != nil {
		result = r.Answer(m)
	}
	taken := result.Outcome == Accepted || result.Outcome == Unsure
	if begin != nil && (taken || result.Stage == StageBegin || result.Stage == StageData || result.Stage == StageEnd) {
		if err := begin(ctx); err != nil {
			return Result{Outcome: Deferred, Stage: StageBegin, Err: err}
		}
	}
	if taken {
		r.mu.Lock()
		r.sent = append(r.sent, m)
		r.mu.Unlock()
	}
	return result
}

// Sent returns the messages that were accepted or may have been, in order.
func (r *Recorder) Sent() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.sent)
}

// Reset forgets what was sent.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = nil
}
