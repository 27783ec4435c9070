// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every configuration that Docker, Podman or containerd wrote runs, and what is seen in the container and of it on the host
 * is what another runtime makes of the same bundle; docs/differences-from-runc.md lists what is otherwise by intent.
 */
class CapturedConfigsIT extends RealContainers {

    /** Looks at everything that a configuration has an effect on, in sections. */
    private static final String LOOK_AROUND = """
            echo == mounts; cat /proc/self/mountinfo
            echo == status; grep -E '^(Uid|Gid|Groups|Umask|Cap|NoNewPrivs|Seccomp|Sig(Blk|Cgt)|.*_list)' /proc/self/status
            echo == environment; tr '\\0' '\\n' < /proc/self/environ
            echo == limits; cat /proc/self/limits
            echo == devices; find /dev -maxdepth 1 ! -name core | sort | while read f; do stat -c '%n %F %a %u %g %t %T' $f; readlink $f; done
            echo == permissions; stat -c '%n %a %u %g' /dev /dev/shm /dev/pts /dev/mqueue /proc /sys /tmp /run / 2>&1
            echo == cgroups; cat /proc/self/cgroup; ls /sys/fs/cgroup | sort
            echo == namespaces; cat /proc/self/uid_map /proc/self/gid_map; hostname; ip -o addr; ip route
            echo == sysctls; cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ping_group_range
            echo == files; cat /etc/hosts /etc/hostname /etc/resolv.conf /run/.containerenv 2>&1
            echo == process; id; umask; pwd; cat /proc/self/oom_score_adj /proc/self/personality
            echo == restrictions; for f in $(cut -d' ' -f5 /proc/self/mountinfo | grep -v ^/sys/fs/cgroup$ | sort); do
                echo $f; if [ -d $f ]; then touch $f/x && rm $f/x; else head -c 99 $f | wc -c; fi; done 2>&1; true
            """;

    private OciRuntime other;

    static List<String> names() {
        return List.of(
                "containerd-1.6-run",
                "containerd-1.6-memory-seccomp",
                "docker-20.10-bridge",
                "docker-20.10-init-tty",
                "docker-20.10-limits",
                "docker-20.10-readonly-nonroot-nocaps",
                "podman-4.3-run",
                "podman-4.3-limits",
                "podman-4.3-netns-path",
                "podman-4.3-userns");
    }

    /** The runtime to compare with. */
    String other() {
        return "runc";
    }

    @BeforeEach
    void needOther() {
        Programs.need(other(), "unshare", "ip");
        other = sandbox.installed(other()).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("names")
    void runsAsItIs(String name) {
        try (CapturedConfig config = prepare(name)) {
            if (config.arguments().getFirst().equals("sleep")) {
                config.bundle().runs("sleep", "0");
            }
            Execution expected = run(other, config);
            Execution found = run(jrun, config);
            assertEquals(expected.output(), found.output());
            assertEquals("", found.errors());
            assertEquals(expected.code(), found.code());
            if (config.joinsNetwork()) {
                assertTrue(found.output().contains(CapturedConfig.ADDRESS), found::toString);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void looksTheSameFromInside(String name) {
        try (CapturedConfig config = prepare(name)) {
            config.bundle().runsScript(LOOK_AROUND);
            Map<String, String> expected = sections(run(other, config).succeeds());
            Map<String, String> found = sections(run(jrun, config).succeeds());
            expected.forEach((section, text) -> assertEquals(text, found.get(section), section));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void looksTheSameFromOutside(String name) throws IOException {
        try (CapturedConfig config = prepare(name)) {
            Outside expected = create(other, config);
            Outside found = create(jrun, config);
            assertEquals(lines(expected.limits()), lines(found.limits()));
            assertEquals(expected.annotations(), found.annotations());
            if (config.hasHooks()) {
                // Each was called once, with the same arguments, about a network namespace that is not the host's.
                List<String> calls = Files.readAllLines(config.hookLog());
                assertEquals(2, calls.size(), calls::toString);
                assertEquals(withoutNetwork(calls.getFirst()), withoutNetwork(calls.getLast()));
                assertTrue(calls.getLast().contains("net:["), calls::toString);
            }
        }
    }

    private record Outside(Map<String, String> limits, String annotations) {}

    private Outside create(OciRuntime runtime, CapturedConfig config) {
        runtime.start(config.input(), "create", "--bundle", config.bundle().path(), config.id())
                .await()
                .succeeds();
        try {
            return new Outside(
                    config.limits(),
                    runtime.state(config.id()).path("annotations").toPrettyString());
        } finally {
            runtime.call("delete", "--force", config.id()).succeeds();
        }
    }

    private static String withoutNetwork(String call) {
        return call.replaceAll("net:\\[\\d+]", "");
    }

    /** Changes what the runtime to compare with cannot do here. */
    void adapt(CapturedConfig config) {}

    private CapturedConfig prepare(String name) {
        CapturedConfig config = CapturedConfig.prepare(sandbox, name);
        adapt(config);
        return config;
    }

    private static Execution run(OciRuntime runtime, CapturedConfig config) {
        return runtime.start(config.input(), "run", "--bundle", config.bundle().path(), config.id())
                .await();
    }

    private Map<String, String> sections(Execution execution) {
        Map<String, String> sections = new LinkedHashMap<>();
        for (String section : execution.output().split("(?m)^== ")) {
            int end = section.indexOf('\n');
            if (end > 0) {
                String text = section.substring(end + 1);
                sections.put(section.substring(0, end), section.startsWith("mounts") ? mounts(text) : comparable(text));
            }
        }
        return sections;
    }

    private String mounts(String table) {
        SortedMap<String, String> mounts = MountTable.of(table.lines().toList());
        mounts.replaceAll(this::comparable);
        return lines(mounts);
    }

    /** A section without that in which the runtimes differ by intent. */
    private static String comparable(String section) {
        // Elsewhere nobody's group has the message queues of a user namespace, and crun opens a tmpfs to everybody.
        return section.replaceAll("(/dev/mqueue( directory)? 1777 0) 65534", "$1 0")
                .replaceAll("(?m)^/tmp \\d+ ", "/tmp ");
    }

    /** A mount without that in which the runtimes differ by intent. */
    String comparable(String path, String mount) {
        if (path.equals("/sys/fs/cgroup")) {
            // On cgroup v1 runc leaves the directory above the hierarchies writable.
            return mount.replaceFirst("^/ rw,", "/ ro,");
        }
        if (path.equals("/tmp")) {
            // Newer releases of runc say by an option what a tmpfs takes from the directory that it covers.
            return mount.replaceFirst(",mode=777$", "");
        }
        if (path.startsWith("/dev/") && mount.contains(" devtmpfs ")) {
            // runc lets the mode and the owner of the host's device files that it mounts be changed.
            return mount.replaceFirst(" ro,", " rw,");
        }
        // runc masks files with the /dev/null of the container.
        return mount.startsWith("/null ") ? "/null" : mount;
    }

    private static String lines(Map<String, String> map) {
        return map.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
    }
}
