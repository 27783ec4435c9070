// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Json;
import dev.jrun.json.Pointer;
import dev.jrun.spec.ContainerPath;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountIdMappings;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.MountOption.Meaning;
import dev.jrun.spec.MountOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds contradictions within a mount. Consequences of a member that is itself wrong are not reported. */
final class MountChecks {
    /**
     * Types whose options are known well enough to say that one is misspelled. The options of other file systems are
     * their own.
     */
    private static final Set<String> PSEUDO_FILE_SYSTEMS =
            Set.of("proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2", "bind", "none");

    /** What those file systems know themselves, without a value: devpts, tmpfs(5), cgroups(7). */
    private static final Set<String> THEIR_OPTIONS = Set.of(
            "newinstance",
            "noswap",
            "inode32",
            "inode64",
            "nsdelegate",
            "favordynmods",
            "memory_localevents",
            "memory_recursiveprot",
            "pids_localevents");

    /**
     * What of /proc may be covered by a bind mount: files that say the same to everybody, which LXCFS and its like show
     * in a version of their own. The same as with runc.
     */
    private static final List<String> REPLACEABLE_IN_PROC = List.of(
            "proc/cpuinfo",
            "proc/diskstats",
            "proc/loadavg",
            "proc/meminfo",
            "proc/slabinfo",
            "proc/stat",
            "proc/swaps",
            "proc/uptime",
            "proc/sys/crypto/fips_enabled",
            "proc/sys/kernel/ns_last_pid");

    /** What there may be a mount of the host for, which has its options. */
    private static final Set<String> CGROUP = Set.of("cgroup", "cgroup2");

    private final Mount mount;
    private final MountOptions options;
    private final List<String> written;
    private final Members json;
    private final boolean bind;
    private final boolean typeIsKnown;

    /** Whether it is known what kind of mount it is. */
    private final boolean kindIsKnown;

    private MountChecks(Mount mount, Members json) {
        this.mount = mount;
        this.options = mount.options();
        this.written = options.written();
        this.json = json;
        this.bind = options.bind() != MountOptions.Bind.NO;
        this.typeIsKnown = !json.failedAt("type");
        this.kindIsKnown = bind || !json.failedAt("options");
    }

    static void check(Mount mount, Members json) {
        new MountChecks(mount, json).check();
    }

    private void check() {
        if (!json.failedAt("destination")) {
            checkDestination();
        }
        if (bind && mount.source().isEmpty() && !json.failedAt("source")) {
            json.problem("source", "required: a bind mount's source");
        }
        if (kindIsKnown && typeIsKnown && !bind && !options.set().contains(MountFlag.REMOUNT)) {
            checkType();
        }
        if (options.tmpcopyup()
                && typeIsKnown
                && (bind || !mount.type().orElse("").equals("tmpfs"))) {
            json.problem("options", "tmpcopyup is for mounts of type tmpfs only");
        }
        checkIdMappings();
        checkLinks();
        if (bind) {
            checkFlagsOfFilesystem();
        }
        if (!options.data().isEmpty() && typeIsKnown) {
            checkSpelling();
        }
    }

    /**
     * Closes CVE-2019-16884: a container's confinement is written to files in /proc, and whatever is mounted over them
     * takes what is written. {@code launch.rootfs.MountPoint} refuses links that lead there.
     */
    private void checkDestination() {
        String destination = mount.place();
        if (!Syntax.ABSOLUTE_PATH.allows(mount.destination())) {
            json.warning(
                    "destination",
                    "a relative path is deprecated, it is taken for " + ContainerPath.absolute(mount.destination()));
        }
        if (destination.equals(".")) {
            json.problem("destination", "not allowed: the root file system itself cannot be mounted over");
        } else if (destination.equals("proc")) {
            boolean maybeLink = options.links().contains(MountOptions.Link.COPIED);
            boolean isOther = kindIsKnown
                    && typeIsKnown
                    && !bind
                    && !mount.type().orElse("").equals("proc");
            if (maybeLink || isOther) {
                json.problem("destination", "not allowed: only a file system of type proc can be mounted there");
            }
        } else if (destination.startsWith("proc/") && !REPLACEABLE_IN_PROC.contains(destination)) {
            json.problem(
                    "destination",
                    "not allowed, it is inside /proc; allowed there: /" + String.join(", /", REPLACEABLE_IN_PROC));
        }
    }

    private void checkType() {
        if (mount.type().isEmpty()) {
            json.problem("type", "required: a file system type, or one of the options bind and rbind");
        } else if (mount.type().get().equals("bind")) {
            json.problem("options", "required for a bind mount: one of the options bind and rbind");
        }
    }

    private void checkIdMappings() {
        boolean mapped = options.idmap() != MountOptions.IdMap.NO;
        boolean uids = !mount.uidMappings().isEmpty();
        boolean gids = !mount.gidMappings().isEmpty();
        if (uids != gids && !json.failedAt("uidMappings") && !json.failedAt("gidMappings")) {
            json.problem(
                    uids ? "gidMappings" : "uidMappings", "required: both uidMappings and gidMappings, or neither");
        }
        if ((uids || gids || mapped) && kindIsKnown && !bind) {
            json.problem("options", "id mappings are for bind mounts only, with one of the options bind and rbind");
        }
        if (mapped) {
            checkWrittenMappings();
        }
        if ((uids || gids || mapped) && options.set().contains(MountFlag.REMOUNT)) {
            json.problem("options", "remount cannot be combined with id mappings");
        }
    }

    private void checkLinks() {
        if (!options.links().isEmpty() && kindIsKnown && !bind) {
            json.problem(
                    "options",
                    "copy-symlink, src-nofollow and dest-nofollow are for bind mounts only, with one of the options bind and rbind");
        } else if (options.links().contains(MountOptions.Link.COPIED)
                && options.links().size() > 1) {
            json.problem("options", "copy-symlink cannot be combined with src-nofollow or dest-nofollow");
        }
    }

    /** What is bound has its file system, with flags that it was mounted with first. */
    private void checkFlagsOfFilesystem() {
        for (int i = 0; i < written.size(); i++) {
            Optional<MountOption> option = MountOption.named(written.get(i));
            if (option.isPresent()) {
                Meaning meaning = option.get().meaning();
                if (meaning instanceof Meaning.SetsOfNew || meaning instanceof Meaning.ClearsOfNew) {
                    problem(i, "not on a bind mount: the kernel has this flag for new file systems only");
                } else if (meaning instanceof Meaning.Sets(MountFlag flag) && flag.isOfFilesystemAlone()) {
                    warning(i, "has no effect on a bind mount", Optional.empty());
                }
            }
        }
    }

    /** The mappings that are written behind {@code idmap=} and {@code ridmap=}. */
    private void checkWrittenMappings() {
        int asking = 0;
        int withMappings = -1;
        for (int i = 0; i < written.size(); i++) {
            Optional<MountOption> option = MountOption.named(written.get(i));
            if (option.isPresent() && option.get().meaning() instanceof Meaning.MapsIds) {
                asking++;
                if (MountOptions.valueOf(written.get(i)).isPresent()) {
                    withMappings = i;
                }
            }
        }
        if (withMappings < 0) {
            return;
        }
        if (asking > 1) {
            problem(withMappings, "cannot be combined with another idmap or ridmap");
        } else if (!mount.uidMappings().isEmpty() || !mount.gidMappings().isEmpty()) {
            problem(withMappings, "cannot be combined with uidMappings and gidMappings");
        } else {
            try {
                MountIdMappings.parse(
                        MountOptions.valueOf(written.get(withMappings)).orElseThrow());
            } catch (IllegalArgumentException e) {
                problem(withMappings, e.getMessage());
            }
        }
    }

    private void checkSpelling() {
        boolean pseudo = !bind && PSEUDO_FILE_SYSTEMS.contains(mount.type().orElse("none"));
        for (int i = 0; i < written.size(); i++) {
            String option = written.get(i);
            if (option.isEmpty() || !MountOption.isData(option) || pseudo && THEIR_OPTIONS.contains(option)) {
                continue;
            }
            // None of the known options has a value, and of the shortest anything is a neighbour.
            Optional<String> meant = option.indexOf('=') >= 0 || option.length() < 3
                    ? Optional.empty()
                    : Spelling.nearest(option, MountOption.names(), 1);
            if (meant.isPresent() && (bind || pseudo)) {
                json.problem(at(i), Json.quoted(option), "unknown mount option", meant);
            } else if (meant.isPresent()) {
                warning(i, "not a known mount option; passed to the file system unchanged", meant);
            } else if (bind) {
                warning(i, "has no effect on a bind mount", Optional.empty());
            } else if (CGROUP.contains(mount.type().orElse(""))) {
                warning(i, "has an effect only where cgroup v2 is mounted anew for the container", Optional.empty());
            }
        }
    }

    private void problem(int option, String message) {
        json.problem(at(option), Json.quoted(written.get(option)), message);
    }

    private void warning(int option, String message, Optional<String> meant) {
        json.warning(at(option), Json.quoted(written.get(option)), message, meant);
    }

    private Pointer at(int option) {
        return json.at("options").element(option);
    }
}
