package worker

import (
	"context"
	"time"

	"github.com/uitvraag/uitvraag/internal/study"
)

// retain removes the data whose term is over, of every study and of the platform.
// A class that fails does not keep the others.
func (w *Worker) retain(ctx context.Context, studies []study.Study, now time.Time) {
	told := func(slug string, class study.Class, n int, err error) {
		if err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "retention", "study", slug, "class", string(class), "err", err)
		} else if n > 0 {
			w.log.InfoContext(ctx, "retention", "study", slug, "class", string(class), "n", n)
		}
	}
	for _, st := range studies {
		for _, class := range study.DueClasses(st, now) {
			n, err := w.store.Retain(ctx, st, class, now)
			told(st.Slug, class, n, err)
		}
	}
	for _, t := range study.PlatformTerms {
		n, err := w.store.RetainPlatform(ctx, t.Class, now.AddDate(0, -t.Months, 0), now)
		told("", t.Class, n, err)
	}
}
