package localpg

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// An account is the user that PostgreSQL runs as. It is never root, which PostgreSQL refuses.
type account struct {
	name     string
	uid, gid uint32
	switched bool // this process is root and must become the account
}

func (a account) credential() *syscall.Credential {
	if !a.switched {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// give hands a file or folder that root made to the account.
func (a account) give(path string) error {
	if !a.switched {
		return nil
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}

// chooseAccount returns this process's own user or, for root: the owner of the cluster, else of the product's folder,
// else who called sudo, else postgres, else nobody.
func chooseAccount(dir, data, sudoUser string) (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return account{name: fmt.Sprintf("user %d", uid), uid: uint32(uid), gid: uint32(os.Getegid())}, nil
	}
	for _, folder := range []string{data, dir} {
		st, err := os.Stat(folder)
		if err != nil {
			continue // the cluster need not be there yet; a folder that cannot be used is reported when it is
		}
		sys := st.Sys().(*syscall.Stat_t)
		if sys.Uid != 0 {
			return account{fmt.Sprintf("user %d", sys.Uid), sys.Uid, sys.Gid, true}, nil
		}
		if folder == data {
			return account{}, fmt.Errorf("%s belongs to root, as which PostgreSQL refuses to run: "+
				"give it to the user it belonged to (chown -R postgres: %s)", data, data)
		}
	}
	for _, name := range []string{sudoUser, "postgres", "nobody"} {
		if a, ok := lookup(name); ok {
			return a, nil
		}
	}
	return account{}, errors.New("this process is root, and there is no other user (postgres, nobody) to run PostgreSQL as")
}

func lookup(name string) (account, bool) {
	if name == "" {
		return account{}, false
	}
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, false
	}
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	if uidErr != nil || gidErr != nil || uid == 0 {
		return account{}, false
	}
	return account{name, uint32(uid), uint32(gid), true}, true
}

// makeFolder makes a folder and its missing parents. Root's can be passed through by the server's account,
// whatever the umask; an ordinary user's are private.
func makeFolder(dir string) error {
	if st, err := os.Stat(dir); err == nil {
		if !st.IsDir() {
			return fmt.Errorf("%s is not a folder", dir)
		}
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := makeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if os.Geteuid() == 0 {
		return os.Chmod(dir, 0o711)
	}
	return nil
}

// barrier returns the first folder on the way to path that the account may not enter, or "".
// It looks at permission bits: the account has no supplementary groups.
func (a account) barrier(path string) string {
	if parent := filepath.Dir(path); parent != path {
		if b := a.barrier(parent); b != "" {
			return b
		}
	}
	st, err := os.Stat(path)
	if err != nil || !st.IsDir() {
		return ""
	}
	sys := st.Sys().(*syscall.Stat_t)
	enter := os.FileMode(0o001)
	switch {
	case sys.Uid == a.uid:
		enter = 0o100
	case sys.Gid == a.gid:
		enter = 0o010
	}
	if st.Mode()&enter == 0 {
		return fmt.Sprintf("%s (mode %04o)", path, st.Mode().Perm())
	}
	return ""
}

// ownerOf returns the uid that a path belongs to, or -1 where that cannot be seen.
func ownerOf(path string) int {
	st, err := os.Stat(path)
	if err != nil {
		return -1
	}
	return int(st.Sys().(*syscall.Stat_t).Uid)
}
