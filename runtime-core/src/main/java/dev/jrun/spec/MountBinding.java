// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import dev.jrun.spec.MountOption.Meaning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the {@link Mount}s of a document: "Mounts" of config.md. */
final class MountBinding {
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
     * What of /proc may be covered by a bind mount: files that say the same to everybody, which LXCFS and its like show in a
     * version of their own. The same as with runc.
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

    /** Of a thousand mounts most have the same few lists of options. */
    private final Map<List<String>, MountOptions> known = new HashMap<>();

    Mount mount(Members json) {
        Mount mount = new Mount(
                json.requiredString("destination"),
                json.string("type"),
                json.string("source"),
                options(json.strings("options")),
                json.objects("uidMappings", LinuxBinding::idMapping),
                json.objects("gidMappings", LinuxBinding::idMapping));
        if (!json.failed()) {
            check(mount, json);
        }
        return mount;
    }

    private MountOptions options(List<String> written) {
        MountOptions options = known.get(written);
        if (options == null) {
            options = MountOptions.of(written);
            known.put(options.written(), options);
        }
        return options;
    }

    private static void check(Mount mount, Members json) {
        MountOptions options = mount.options();
        if (!Syntax.ABSOLUTE_PATH.allows(mount.destination())) {
            json.warning("destination", "a relative path is deprecated, it is taken as relative to the root");
        }
        boolean bind = options.bind() != MountOptions.Bind.NO;
        if (bind && mount.source().isEmpty()) {
            json.problem("source", "required: a bind mount's source");
        }
        if (!bind && !options.set().contains(MountFlag.REMOUNT)) {
            checkType(mount, json);
        }
        checkDestination(mount, bind, json);
        if (options.tmpcopyup() && (bind || !mount.type().orElse("").equals("tmpfs"))) {
            json.problem("options", "tmpcopyup is for mounts of type tmpfs only");
        }
        checkIdMappings(mount, bind, json);
        checkLinks(options, bind, json);
        if (bind) {
            checkFlagsOfNew(mount, json);
        }
        checkSpelling(mount, bind, json);
    }

    /**
     * Closes CVE-2019-16884: a container's confinement is written to files in /proc, and whatever is mounted over them takes what
     * is written. {@code launch} looks at destinations that links lead there.
     */
    private static void checkDestination(Mount mount, boolean bind, Members json) {
        String destination = mount.place();
        if (destination.equals(".")) {
            json.problem("destination", "not allowed: the root file system itself cannot be mounted over");
        } else if (destination.equals("proc")) {
            boolean maybeLink = mount.options().links().contains(MountOptions.Link.COPIED);
            if (maybeLink || !bind && !mount.type().orElse("").equals("proc")) {
                json.problem("destination", "not allowed: only a file system of type proc can be mounted there");
            }
        } else if (destination.startsWith("proc/") && !REPLACEABLE_IN_PROC.contains(destination)) {
            json.problem(
                    "destination",
                    "not allowed, it is inside /proc; allowed there: /" + String.join(", /", REPLACEABLE_IN_PROC));
        }
    }

    private static void checkType(Mount mount, Members json) {
        if (mount.type().isEmpty()) {
            json.problem("type", "required: a file system type, or one of the options bind and rbind");
        } else if (mount.type().get().equals("bind")) {
            json.problem("options", "required for a bind mount: one of the options bind and rbind");
        }
    }

    private static void checkIdMappings(Mount mount, boolean bind, Members json) {
        boolean mapped = mount.options().idmap() != MountOptions.IdMap.NO;
        boolean uids = !mount.uidMappings().isEmpty();
        boolean gids = !mount.gidMappings().isEmpty();
        if (uids != gids) {
            json.problem(
                    uids ? "gidMappings" : "uidMappings", "required: both uidMappings and gidMappings, or neither");
        }
        if ((uids || gids || mapped) && !bind) {
            json.problem("options", "id mappings are for bind mounts only, with one of the options bind and rbind");
        }
        if (mapped) {
            checkWrittenMappings(mount, json);
        }
    }

    private static void checkLinks(MountOptions options, boolean bind, Members json) {
        if (!options.links().isEmpty() && !bind) {
            json.problem(
                    "options",
                    "copy-symlink, src-nofollow and dest-nofollow are for bind mounts only, with one of the options bind and rbind");
        } else if (options.links().contains(MountOptions.Link.COPIED)
                && options.links().size() > 1) {
            json.problem(
                    "options", "not together: copy-symlink, which mounts no link, and src-nofollow or dest-nofollow");
        }
    }

    private static void checkFlagsOfNew(Mount mount, Members json) {
        List<String> options = mount.options().written();
        for (int i = 0; i < options.size(); i++) {
            Optional<MountOption> option = MountOption.named(options.get(i));
            if (option.isPresent()
                    && (option.get().meaning() instanceof Meaning.SetsOfNew
                            || option.get().meaning() instanceof Meaning.ClearsOfNew)) {
                problem(i, mount, "not on a bind mount: the kernel has this flag for new file systems only", json);
            }
        }
    }

    /** The mappings that are written behind {@code idmap=} and {@code ridmap=}. */
    private static void checkWrittenMappings(Mount mount, Members json) {
        int asking = 0;
        int withMappings = -1;
        List<String> options = mount.options().written();
        for (int i = 0; i < options.size(); i++) {
            String text = options.get(i);
            Optional<MountOption> option = MountOption.named(text);
            if (option.isPresent() && option.get().meaning() instanceof Meaning.MapsIds) {
                asking++;
                if (MountOptions.valueOf(text).isPresent()) {
                    withMappings = i;
                }
            }
        }
        if (withMappings < 0) {
            return;
        }
        if (asking > 1) {
            problem(withMappings, mount, "not together with another idmap or ridmap", json);
        } else if (!mount.uidMappings().isEmpty() || !mount.gidMappings().isEmpty()) {
            problem(withMappings, mount, "not together with uidMappings and gidMappings", json);
        } else {
            try {
                MountIdMappings.parse(
                        MountOptions.valueOf(options.get(withMappings)).orElseThrow());
            } catch (IllegalArgumentException e) {
                problem(withMappings, mount, e.getMessage(), json);
            }
        }
    }

    private static void problem(int option, Mount mount, String message, Members json) {
        json.problem(
                json.at("options").element(option),
                Json.quoted(mount.options().written().get(option)),
                message);
    }

    private static void checkSpelling(Mount mount, boolean bind, Members json) {
        if (mount.options().data().isEmpty()) {
            return;
        }
        boolean pseudo = !bind && PSEUDO_FILE_SYSTEMS.contains(mount.type().orElse("none"));
        List<String> options = mount.options().written();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (!MountOption.isData(option) || pseudo && THEIR_OPTIONS.contains(option)) {
                continue;
            }
            // None of the known options has a value, and of the shortest anything is a neighbour.
            Optional<String> meant = option.indexOf('=') >= 0 || option.length() < 3
                    ? Optional.empty()
                    : Spelling.nearest(option, MountOption.names(), 1);
            if (meant.isPresent() && (bind || pseudo)) {
                json.problem(json.at("options").element(i), Json.quoted(option), "unknown mount option", meant);
            } else if (meant.isPresent()) {
                json.warning(json.at("options").element(i), Json.quoted(option), "left to the file system", meant);
            } else if (bind) {
                json.warning(
                        json.at("options").element(i),
                        Json.quoted(option),
                        "has no effect on a bind mount",
                        Optional.empty());
            }
        }
    }
}
