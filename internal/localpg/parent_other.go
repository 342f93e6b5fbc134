//go:build unix && !linux

package localpg

import "syscall"

// stopWithParent does nothing: a server whose starter is killed goes on, and the next start joins it.
func stopWithParent(*syscall.SysProcAttr) {}
