package localpg

import "syscall"

// stopWithParent lets the kernel stop the server, fast but in order, when this process is killed.
func stopWithParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGINT }
