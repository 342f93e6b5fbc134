package server

import (
	"context"

	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// publicFrame is what stands around a page on which a study gives something back.
// The menu has the pages that everybody can read now, and the page itself.
func (s *Server) publicFrame(ctx context.Context, st study.Study, current string) (page.Public, error) {
	there, err := s.publicPaths(ctx, st)
	if err != nil {
		return page.Public{}, err
	}
	examples, err := s.store.PublicExamples(ctx, st.ID)
	if len(examples) > 0 {
		there = append(there, page.ExamplesPath)
	}
	return page.Public{Frame: frame(st), Current: current, There: append(there, current)}, err
}
