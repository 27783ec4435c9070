// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.jrun.kernel.call.BootId;
import dev.jrun.kernel.call.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which directories of the kernel's file systems, cgroups and groups of resctrl, are one container's. A path does not
 * say so: whoever comes first makes it, and it can be another's by now. The inode number does, because kernfs never
 * reuses it in that file system until the machine restarts.
 *
 * @param boot the boot that the numbers are valid for; empty if unknown, so that the numbers prove nothing
 */
public record OwnDirectories(String boot, List<OwnDirectory> all) {

    /** Nothing is known to be the container's. */
    public static final OwnDirectories NONE = new OwnDirectories("", List.of());

    /**
     * Of this start, whichever it is; proc(5), "subset". In a record it says nothing, since the machine may have
     * started anew.
     */
    private static final String UNSEEN = "unknown";

    public OwnDirectories {
        all = List.copyOf(all);
    }

    /**
     * One of them.
     *
     * @param made whether it was made for the container; else it was there, and of no other use, and outlives the
     *     container
     * @param root that of its file system
     */
    public record OwnDirectory(Path path, long inode, boolean made, MountRoot root) {}

    /** Where directories are mounted. */
    public interface Roots {
        MountRoot of(Path directory) throws CgroupException;
    }

    /**
     * These directories, which are there.
     *
     * @param made those of them that were made for the container
     */
    public static OwnDirectories of(Collection<Path> directories, Collection<Path> made, Roots roots)
            throws CgroupException {
        List<OwnDirectory> all = new ArrayList<>(directories.size());
        for (Path directory : directories) {
            all.add(new OwnDirectory(
                    directory, presentInode(directory), made.contains(directory), roots.of(directory)));
        }
        return new OwnDirectories(currentBoot(), all);
    }

    private static long presentInode(Path directory) throws CgroupException {
        long inode = readInode(directory);
        if (inode == 0) {
            throw new CgroupException(directory + " was removed by somebody else as soon as it was made");
        }
        return inode;
    }

    /** The inode number of one of these directories; 0, which none has, if it is not among them. */
    public long inode(Path directory) {
        for (OwnDirectory one : all) {
            if (one.path.equals(directory)) {
                return one.inode;
            }
        }
        return 0;
    }

    /** These, as a record has them that may be older than the last start of the machine. */
    public OwnDirectories recorded() {
        return boot.equals(UNSEEN) ? new OwnDirectories("", all) : this;
    }

    /** These and others. */
    public OwnDirectories and(OwnDirectories others) {
        if (all.isEmpty()) {
            return others;
        }
        List<OwnDirectory> both = new ArrayList<>(all);
        both.addAll(others.all);
        return new OwnDirectories(boot, both);
    }

    /** Whether it is known which are the container's. */
    public boolean areKnown() {
        return !boot.isEmpty();
    }

    /**
     * The cgroup of the container, which has these directories, as far as they are there and the container's.
     *
     * @throws CgroupException if there is no way to tell
     */
    public Cgroup cgroup(CgroupDirectories places) throws CgroupException {
        List<OwnDirectory> present = present(places.all(), places);
        List<Path> takenOver = new ArrayList<>();
        for (OwnDirectory directory : present) {
            if (!directory.made) {
                takenOver.add(directory.path);
            }
        }
        return new Cgroup(places.only(paths(present)), takenOver);
    }

    /** How many of them were there before the container. */
    public long takenOver() {
        long count = 0;
        for (OwnDirectory one : all) {
            if (!one.made) {
                count++;
            }
        }
        return count;
    }

    /** Those of these directories that are there and were made for the container, in their order. */
    public List<Path> madeAmong(List<Path> directories) throws CgroupException {
        List<Path> made = new ArrayList<>(directories);
        made.retainAll(paths(made(present(directories, CgroupDirectories.NONE))));
        return made;
    }

    /**
     * Whether it is proven that the container's cgroup was removed in each hierarchy, wherever it was. That takes a
     * right and a mount of each hierarchy; without them nothing is proven.
     *
     * @throws CgroupException if there is no way to tell
     */
    public boolean areProvenGone(CgroupDirectories cgroup) throws CgroupException {
        List<Path> directories = cgroup.all();
        if (directories.isEmpty() || !areOfThisStart()) {
            return false;
        }
        CgroupSearch search = CgroupSearch.ofThisProcess();
        for (Path directory : directories) {
            long inode = inode(directory);
            if (inode == 0 || !search.provesGone(cgroup, directory, inode)) {
                return false;
            }
        }
        return true;
    }

    private List<OwnDirectory> present(List<Path> wanted, CgroupDirectories cgroup) throws CgroupException {
        List<OwnDirectory> present = new ArrayList<>(all.size());
        if (all.isEmpty() || !areOfThisStart()) {
            return present;
        }
        for (OwnDirectory directory : all) {
            if (!wanted.contains(directory.path)) {
                continue;
            }
            // Numbers are those of one file system: elsewhere, another directory may have the same.
            if (directory.root.isSeen()) {
                if (readInode(directory.path) == directory.inode) {
                    present.add(directory);
                }
            } else if (!isProvenGone(directory, cgroup)) {
                throw new CgroupException(
                        "cannot find out whether " + directory.path + " is there: " + directory.root.mountPoint()
                                + " is another mount than when the container was made; call jrun where that was");
            }
        }
        return present;
    }

    private static boolean isProvenGone(OwnDirectory directory, CgroupDirectories cgroup) throws CgroupException {
        return CgroupSearch.ofThisProcess().provesGone(cgroup, directory.path, directory.inode);
    }

    private static List<OwnDirectory> made(List<OwnDirectory> directories) {
        List<OwnDirectory> made = new ArrayList<>(directories);
        made.removeIf(directory -> !directory.made);
        return made;
    }

    private static List<Path> paths(List<OwnDirectory> directories) {
        List<Path> paths = new ArrayList<>(directories.size());
        for (OwnDirectory directory : directories) {
            paths.add(directory.path);
        }
        return paths;
    }

    /** The inode number of a directory; 0, which none has, if there is no such directory. */
    static long readInode(Path directory) throws CgroupException {
        try {
            return (long) Files.getAttribute(directory, "unix:ino", NOFOLLOW_LINKS);
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException error) {
            throw new CgroupException("stat " + directory + ": " + Failures.reason(error), error);
        }
    }

    /**
     * Whether the machine has not started anew since.
     *
     * @throws CgroupException if there is no way to tell
     */
    public boolean areOfThisStart() throws CgroupException {
        return !boot.isEmpty() && boot.equals(comparableBoot());
    }

    private String comparableBoot() throws CgroupException {
        String known = currentBoot();
        if (known.equals(UNSEEN) && !boot.equals(UNSEEN)) {
            throw new CgroupException("cannot determine which cgroups are the container's: there is no " + BootId.FILE);
        }
        return known;
    }

    private static String currentBoot() throws CgroupException {
        try {
            return BootId.current().orElse(UNSEEN);
        } catch (IOException error) {
            throw new CgroupException("read " + BootId.FILE + ": " + Failures.reason(error), error);
        }
    }
}
