package worker

import (
	"context"
	"time"

	"github.com/uitvraag/uitvraag/internal/store"
)

// Round does once what Run does over and over.
func (p *Mailer) Round(ctx context.Context, presence **store.Presence) (time.Duration, error) {
	return p.round(ctx, presence)
}
