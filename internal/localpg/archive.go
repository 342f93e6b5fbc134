package localpg

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// The archive of binaries that is taken where a machine has no PostgreSQL: an npm package, pinned by content.
const (
	archiveVersion = "18.4.0-beta.17"
	archiveMajor   = 18
)

// archives maps Go's names of machines to npm's, each with the sha512 of the package.
var archives = map[string]struct{ arch, sha512 string }{
	"amd64": {"x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
	"arm64": {"arm64", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
}

func archiveName() string {
	return fmt.Sprintf("embedded-postgres-linux-%s-%s.tgz", archives[runtime.GOARCH].arch, archiveVersion)
}

// unpacked returns the folder with the archive's binaries, once it has been fetched.
func (s *Server) unpacked() string { return s.file(filepath.Join("postgresql-"+archiveVersion, "bin")) }

// fetchArchive unpacks the archive that the configuration names, or gets it with npm where npm is.
func (s *Server) fetchArchive(ctx context.Context) error {
	pin, ok := archives[runtime.GOARCH]
	if !ok || runtime.GOOS != "linux" {
		return fmt.Errorf("archive of PostgreSQL for %s/%s: %w", runtime.GOOS, runtime.GOARCH, errNoMeans)
	}
	tmp, err := os.MkdirTemp(s.dir, "unpack-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }() // what stays behind does no harm
	archive := s.cfg.Archive
	if archive == "" {
		if archive, err = s.npmPack(ctx, tmp, pin.arch); err != nil {
			return err
		}
	}
	s.logf("unpacking PostgreSQL %s", archiveVersion)
	if err := unpack(archive, pin.sha512, tmp); err != nil {
		return fmt.Errorf("archive %s: %w", archive, err)
	}
	home := filepath.Dir(s.unpacked())
	if err := os.RemoveAll(home); err != nil { // an earlier one did not work, or we would not be here
		return err
	}
	return os.Rename(filepath.Join(tmp, "native"), home)
}

// npmPack gets the archive into a folder and returns its path.
func (s *Server) npmPack(ctx context.Context, dir, arch string) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil || s.cfg.NoInstall {
		return "", fmt.Errorf("npm: %w", errNoMeans)
	}
	name := fmt.Sprintf("@embedded-postgres/linux-%s@%s", arch, archiveVersion)
	s.logf("getting %s with npm", name)
	c := exec.CommandContext(ctx, npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", dir, name)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pack %s: %w\n%s", name, err, tail(out))
	}
	return filepath.Join(dir, archiveName()), nil
}

// unpack checks the archive against its sha512 and puts its folder native into dir.
// Nothing is unpacked from an archive with other content.
func unpack(archive, sum, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	h := sha512.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(h.Sum(nil)); got != sum {
		return fmt.Errorf("refused: its sha512 is %s, and must be %s", got, sum)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	err = extract(tar.NewReader(z), root)
	if err == nil {
		err = makeLinks(root)
	}
	return errors.Join(err, root.Close())
}

// extract writes the files under package/native, except static libraries.
func extract(t *tar.Reader, root *os.Root) error {
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(h.Name, "package/")
		if h.Typeflag != tar.TypeReg || !strings.HasPrefix(name, "native/") || strings.HasSuffix(name, ".a") {
			continue
		}
		if err := extractFile(t, root, name, os.FileMode(h.Mode)&0o755|0o644); err != nil {
			return err
		}
	}
}

func extractFile(r io.Reader, root *os.Root, name string, mode os.FileMode) error {
	if err := makeOpenFolder(root, filepath.Dir(name)); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Chmod(mode), f.Close())
}

// makeOpenFolder makes folders that the server's account can enter, whatever the umask.
func makeOpenFolder(root *os.Root, name string) error {
	if _, err := root.Stat(name); err == nil || name == "." {
		return nil
	}
	if err := makeOpenFolder(root, filepath.Dir(name)); err != nil {
		return err
	}
	if err := root.Mkdir(name, 0o755); err != nil {
		return err
	}
	return root.Chmod(name, 0o755)
}

// makeLinks makes the symbolic links that a package of npm cannot hold; it lists them instead.
func makeLinks(root *os.Root) error {
	text, err := root.ReadFile("native/pg-symlinks.json")
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return err
	}
	for _, l := range links {
		source, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if strings.HasSuffix(l.Source, ".a") {
			continue
		}
		if err := root.Symlink(source, l.Target); err != nil {
			return err
		}
	}
	return nil
}
