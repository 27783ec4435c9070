// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.captured;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.MountTable;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every configuration that Docker, Podman or containerd wrote runs, and what is seen in the container and of it on the
 * host is what another runtime makes of the same bundle; docs/differences-from-runc.md lists what is otherwise by
 * intent.
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

    /** Those of such a host, but for what Debian 12's runc cannot do: mapped mounts, and another execution domain. */
    static List<CapturedDocument> configurations() {
        return CapturedDocument.configurations().stream()
                .filter(document -> document.isOfUnifiedHost() == HostView.isUnifiedOnly())
                .filter(document -> !document.isForSystemd())
                .filter(document -> !isBeyondRunc(document))
                .toList();
    }

    static boolean isBeyondRunc(CapturedDocument document) {
        return document.name().matches(".*-(userns-idmap.*|userns-container|personality-mounts)");
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
    @MethodSource("configurations")
    void runsAsItIs(CapturedDocument document) {
        try (CapturedConfig config = prepare(document)) {
            config.endsAtOnce();
            Execution expected = run(other, config);
            Execution found = run(jrun, config);
            assertEquals(expected.output(), found.output());
            assertEquals("", unexpected(found.errors()));
            assertEquals(expected.code(), found.code());
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void looksTheSameFromInside(CapturedDocument document) {
        try (CapturedConfig config = prepare(document)) {
            // CRI's sandboxes have no PATH.
            config.bundle().runs("/bin/sh", "-c", LOOK_AROUND);
            Map<String, String> expected = sections(run(other, config).succeeds());
            Map<String, String> found = sections(run(jrun, config).succeeds());
            if (config.hasSharedRoot()) {
                // runc leaves it private: only what has propagation of its own is shared there.
                expected.replaceAll((_, text) -> withoutPeers(text));
                found.replaceAll((_, text) -> withoutPeers(text));
            }
            expected.forEach((section, text) -> assertEquals(text, found.get(section), section));
            if (config.joinsNetwork()) {
                String namespaces = found.get("namespaces");
                assertTrue(namespaces.contains(CapturedConfig.ADDRESS), namespaces);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void looksTheSameFromOutside(CapturedDocument document) throws IOException {
        try (CapturedConfig config = prepare(document)) {
            Outside expected = create(other, config);
            Outside found = create(jrun, config);
            assertEquals(lines(comparable(expected.limits())), lines(comparable(found.limits())));
            assertEquals(expected.annotations(), found.annotations());
            if (config.hasHooks()) {
                // With the same arguments, about a network namespace that is not the host's. runc has those of
                // poststart run, too.
                List<String> calls = Files.readAllLines(config.hookLog());
                int hooks = config.hooksOfCreate();
                List<String> ours = calls.subList(calls.size() - hooks, calls.size());
                assertEquals(withoutNetwork(calls.subList(0, hooks)), withoutNetwork(ours));
                assertTrue(ours.getFirst().contains("net:["), calls::toString);
            }
        }
    }

    /** On cgroup v2 Debian 12's runc makes another weight of shares than later ones do: UnifiedControllersTest. */
    private static Map<String, String> comparable(Map<String, String> limits) {
        Map<String, String> comparable = new TreeMap<>(limits);
        comparable.keySet().removeIf(file -> file.endsWith("/cpu.weight"));
        return comparable;
    }

    private record Outside(Map<String, String> limits, String annotations) {}

    private Outside create(OciRuntime runtime, CapturedConfig config) {
        List<String> words = new ArrayList<>(options());
        words.addAll(List.of("create", "--bundle", config.bundle().path(), config.id()));
        runtime.start(config.input(), words.toArray(String[]::new)).await().succeeds();
        try {
            return new Outside(
                    config.limits(),
                    runtime.state(config.id()).path("annotations").toPrettyString());
        } finally {
            runtime.call("delete", "--force", config.id()).succeeds();
        }
    }

    private static List<String> withoutNetwork(List<String> calls) {
        return calls.stream().map(call -> call.replaceAll("net:\\[\\d+]", "")).toList();
    }

    /** What is said without being meant to be. */
    String unexpected(String errors) {
        return errors;
    }

    /** Changes what the runtime to compare with cannot do here. */
    void adapt(CapturedConfig config) {}

    private CapturedConfig prepare(CapturedDocument document) {
        CapturedConfig config = CapturedConfig.prepare(sandbox, document);
        adapt(config);
        return config;
    }

    private Execution run(OciRuntime runtime, CapturedConfig config) {
        List<String> words = new ArrayList<>(options());
        words.addAll(List.of("run", "--bundle", config.bundle().path(), config.id()));
        return runtime.start(config.input(), words.toArray(String[]::new)).await();
    }

    /** Global options. */
    List<String> options() {
        return List.of();
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

    private static String withoutPeers(String mounts) {
        return mounts.replaceAll("(?m)^((?!/bidi=).*) shared:\\d+ ", "$1  ");
    }

    private String mounts(String table) {
        SortedMap<String, String> mounts = MountTable.of(table.lines().toList());
        mounts.replaceAll(this::comparable);
        return lines(mounts);
    }

    /** A section without that in which the runtimes differ by intent. */
    private static String comparable(String section) {
        // Elsewhere nobody has the message queues of a user namespace, and crun opens a tmpfs to everybody.
        return section.replaceAll("(/dev/mqueue( directory)? 1777) (0|65534) 65534", "$1 0 0")
                .replaceAll("(?m)^(/tmp|/run) \\d+ ", "$1 ");
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
