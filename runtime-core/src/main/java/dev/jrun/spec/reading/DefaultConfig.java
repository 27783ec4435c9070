// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Json;
import dev.jrun.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * The {@code config.json} to start from, as {@code spec} writes it: what {@code runc spec} writes, for today's version.
 * Like that of newer releases it asks for no ambient capabilities, which without inheritable ones cannot be raised.
 */
public final class DefaultConfig {
    /** Version of the specification that the document, and this package, is of. */
    public static final String OCI_VERSION = "1.3.0";

    private DefaultConfig() {}

    /** What the host has at {@code /sys/fs/cgroup}, cgroups(7). */
    public enum CgroupHierarchy {
        /** Version 1, or both versions side by side. */
        LEGACY,
        /** Version 2 alone; there the container gets a cgroup namespace. */
        UNIFIED
    }

    /** For a container that root runs: JSON without a newline at its end. */
    public static String forRoot(CgroupHierarchy cgroups) {
        return indented(config(
                mounts(
                        mount("/dev/pts", "devpts", "devpts", devptsOptions("gid=5")),
                        mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro"))),
                object(
                        member("resources", object(member("devices", array(List.of(denyAllDevices()))))),
                        member("namespaces", namespaces(List.of("pid", "network", "ipc", "uts", "mount"), cgroups)),
                        member("maskedPaths", maskedPaths()),
                        member("readonlyPaths", readonlyPaths()))));
    }

    /**
     * For a container that a user without privileges runs, who is root in it: JSON without a newline at its end.
     *
     * @param uid of the user, uint32
     * @param gid of the user, uint32
     */
    public static String rootless(CgroupHierarchy cgroups, long uid, long gid) {
        List<Json> namespaces = new ArrayList<>(
                namespaces(List.of("pid", "ipc", "uts", "mount"), cgroups).elements());
        namespaces.add(namespace("user"));
        return indented(config(
                mounts(
                        // Group 5 (tty) has no mapping.
                        mount("/dev/pts", "devpts", "devpts", devptsOptions()),
                        // A new sysfs needs a network namespace of the same user namespace.
                        mount("/sys", "none", "/sys", List.of("rbind", "nosuid", "noexec", "nodev", "ro"))),
                object(
                        member("uidMappings", array(List.of(mappingOfRootTo(uid)))),
                        member("gidMappings", array(List.of(mappingOfRootTo(gid)))),
                        member("namespaces", array(namespaces)),
                        member("maskedPaths", maskedPaths()),
                        member("readonlyPaths", readonlyPaths()))));
    }

    /** As Go's {@code json.MarshalIndent} does with tabs. */
    private static String indented(Json config) {
        JsonWriter json = JsonWriter.indented("\t");
        config.write(json);
        return json.toString();
    }

    private static Json config(Json mounts, Json linux) {
        return object(
                member("ociVersion", string(OCI_VERSION)),
                member("process", process()),
                member("root", object(member("path", string("rootfs")), member("readonly", new Json.Bool(true)))),
                member("hostname", string("runc")),
                member("mounts", mounts),
                member("linux", linux));
    }

    private static Json process() {
        Json capabilities = strings("CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE");
        Json openFiles = object(
                member("type", string("RLIMIT_NOFILE")), member("hard", number(1024)), member("soft", number(1024)));
        return object(
                member("terminal", new Json.Bool(true)),
                member("user", object(member("uid", number(0)), member("gid", number(0)))),
                member("args", strings("sh")),
                member(
                        "env",
                        strings("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm")),
                member("cwd", string("/")),
                member(
                        "capabilities",
                        object(
                                member("bounding", capabilities),
                                member("effective", capabilities),
                                member("permitted", capabilities))),
                member("rlimits", array(List.of(openFiles))),
                member("noNewPrivileges", new Json.Bool(true)));
    }

    private static Json mounts(Json devpts, Json sysfs) {
        return array(List.of(
                mount("/proc", "proc", "proc", List.of()),
                mount("/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k")),
                devpts,
                mount("/dev/shm", "tmpfs", "shm", List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")),
                mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")),
                sysfs,
                mount("/sys/fs/cgroup", "cgroup", "cgroup", List.of("nosuid", "noexec", "nodev", "relatime", "ro"))));
    }

    private static List<String> devptsOptions(String... more) {
        return Stream.concat(
                        Stream.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"), Stream.of(more))
                .toList();
    }

    private static Json mount(String destination, String type, String source, List<String> options) {
        List<Member> members = new ArrayList<>(List.of(
                member("destination", string(destination)),
                member("type", string(type)),
                member("source", string(source))));
        if (!options.isEmpty()) {
            members.add(member("options", strings(options.toArray(String[]::new))));
        }
        return object(members.toArray(Member[]::new));
    }

    private static Json denyAllDevices() {
        return object(member("allow", new Json.Bool(false)), member("access", string("rwm")));
    }

    private static Json mappingOfRootTo(long id) {
        return object(member("containerID", number(0)), member("hostID", number(id)), member("size", number(1)));
    }

    private static Json.Arr namespaces(List<String> types, CgroupHierarchy cgroups) {
        Stream<String> more = switch (cgroups) {
            case LEGACY -> Stream.empty();
            case UNIFIED -> Stream.of("cgroup");
        };
        return array(Stream.concat(types.stream(), more)
                .map(DefaultConfig::namespace)
                .toList());
    }

    private static Json namespace(String type) {
        return object(member("type", string(type)));
    }

    private static Json maskedPaths() {
        return strings(
                "/proc/acpi",
                "/proc/asound",
                "/proc/kcore",
                "/proc/keys",
                "/proc/latency_stats",
                "/proc/timer_list",
                "/proc/timer_stats",
                "/proc/sched_debug",
                "/sys/firmware",
                "/proc/scsi");
    }

    private static Json readonlyPaths() {
        return strings("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");
    }

    private static Json object(Member... members) {
        SequencedMap<String, Json> map = new LinkedHashMap<>();
        for (Member member : members) {
            map.put(member.name(), member.value());
        }
        return new Json.Obj(map);
    }

    private static Member member(String name, Json value) {
        return new Member(name, value);
    }

    private static Json.Arr array(List<Json> elements) {
        return new Json.Arr(elements);
    }

    private static Json strings(String... values) {
        return array(Stream.of(values).map(DefaultConfig::string).toList());
    }

    private static Json string(String value) {
        return new Json.Str(value);
    }

    private static Json number(long value) {
        return new Json.Num(Long.toString(value));
    }

    private record Member(String name, Json value) {}
}
