// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes a {@link Mount} of JSON: "Mounts" of config.md. */
final class MountBinding {
    /**
     * Types whose options are known well enough to say that one is misspelled. The options of other file systems are
     * their own.
     */
    private static final Set<String> PSEUDO_FILE_SYSTEMS =
            Set.of("proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2", "bind", "none");

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

    private MountBinding() {}

    static Mount mount(Members json) {
        Mount mount = new Mount(
                json.requiredString("destination"),
                json.string("type"),
                json.string("source"),
                json.strings("options"),
                json.objects("uidMappings", LinuxBinding::idMapping),
                json.objects("gidMappings", LinuxBinding::idMapping));
        if (!json.failed()) {
            check(mount, MountOptions.of(mount.options()), json);
        }
        return mount;
    }

    private static void check(Mount mount, MountOptions options, Members json) {
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
        checkIdMappings(mount, options, bind, json);
        checkSpelling(mount, options, bind, json);
    }

    /**
     * Closes CVE-2019-16884: a container's confinement is written to files in /proc, and whatever is mounted over them takes what
     * is written. {@code launch} looks at destinations that links lead there.
     */
    private static void checkDestination(Mount mount, boolean bind, Members json) {
        String destination = ContainerPath.relative(mount.destination());
        if (destination.equals(".")) {
            json.problem("destination", "not allowed: the root file system itself cannot be mounted over");
        } else if (destination.equals("proc")) {
            if (!bind && !mount.type().orElse("").equals("proc")) {
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

    private static void checkIdMappings(Mount mount, MountOptions options, boolean bind, Members json) {
        boolean uids = !mount.uidMappings().isEmpty();
        boolean gids = !mount.gidMappings().isEmpty();
        if (uids != gids) {
            json.problem(
                    uids ? "gidMappings" : "uidMappings", "required: both uidMappings and gidMappings, or neither");
        }
        if ((uids || gids || options.idmap() != MountOptions.IdMap.NO) && !bind) {
            json.problem("options", "id mappings are for bind mounts only, with one of the options bind and rbind");
        }
    }

    private static void checkSpelling(Mount mount, MountOptions options, boolean bind, Members json) {
        if (options.data().isEmpty()) {
            return;
        }
        boolean known = bind || PSEUDO_FILE_SYSTEMS.contains(mount.type().orElse("none"));
        for (int i = 0; i < mount.options().size(); i++) {
            String option = mount.options().get(i);
            if (MountOption.named(option).isPresent()) {
                continue;
            }
            // None of the known options has a value, and of the shortest anything is a neighbour.
            Optional<String> meant = option.indexOf('=') >= 0 || option.length() < 3
                    ? Optional.empty()
                    : Spelling.nearest(option, MountOption.names(), 1);
            if (meant.isPresent() && known) {
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
