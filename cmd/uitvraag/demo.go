package main

import (
	"context"
	"errors"
	"flag"
)

func runDemo(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	return errors.New("demo: being made")
}
