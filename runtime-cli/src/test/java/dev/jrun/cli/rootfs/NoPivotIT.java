// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers whose root was changed without pivot_root(2), over the host's root. */
class NoPivotIT extends RealContainers {

    /**
     * What a container does to get a procfs and a sysfs in which nothing is masked: it makes a user namespace, in which
     * it may mount. The file is the host's, and gets what it has already.
     */
    private static final String ATTACK = """
            s=$(cat /proc/sys/vm/swappiness)
            unshare -mrpf sh -c "
            mount -t proc none /dev/shm && echo procfs && echo $s >/dev/shm/sys/vm/swappiness && echo written
            umount /dev/shm
            true"
            unshare -mrn sh -c '
            mount -t sysfs none /dev/shm && echo sysfs
            true'
            echo tried
            """;

    private static final String IN_VAIN = "tried\n";

    /** With root mapped: as Docker has it, a container that may set file capabilities. */
    private Bundle attacker() {
        return capable(sandbox.bundle(), "CAP_SETFCAP").runsScript(ATTACK);
    }

    private static Bundle capable(Bundle bundle, String capability) {
        for (String set : List.of("bounding", "effective", "permitted")) {
            bundle.with("/process/capabilities/" + set + "/-", '"' + capability + '"');
        }
        return bundle;
    }

    private Execution runOn(String host, Bundle bundle, String... options) {
        return jrun.behind("unshare", "--mount", "sh", "-c", host + " && exec \"$@\"", "sh")
                .call(words(bundle, options));
    }

    private String[] words(Bundle bundle, String... options) {
        return List.of("run", String.join(" ", options), "--bundle", bundle.path(), sandbox.newId()).stream()
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "as it is, true",
        "procfs over its procfs, mount -t proc proc /proc",
        "sysfs over its sysfs, mount --rbind /sys /sys",
        "another procfs, mount -t proc proc /mnt",
        "another sysfs, mount -t sysfs sysfs /mnt",
        "a name that is escaped, mount -t tmpfs t /mnt && mkdir '/mnt/a b\\n\\\\134' && mount -t proc proc '/mnt/a b\\n\\\\134'",
        "one that is hidden, mount -t tmpfs t /mnt && mkdir /mnt/p && mount -t proc proc /mnt/p && mount -t tmpfs t /mnt",
        "one that another is over, mount -t proc proc /mnt && mount -t tmpfs t /mnt",
        "shared, mount --make-rshared / && mount -t proc proc /mnt",
    })
    void noProcfsOrSysfsOfTheHostCanBeReached(String name, String host) {
        for (String option : List.of("--no-pivot", "")) {
            assertEquals(IN_VAIN, runOn(host, attacker(), option).succeeds().output(), option);
        }
    }

    /** The kernel lets none of these mounts go, each of which a more privileged namespace made. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "mount -t proc proc /proc",
                "mount -t proc proc /mnt",
                "mount -t sysfs sysfs /mnt",
                "mount --make-rshared / && mount -t proc proc /mnt && mount -t proc proc /proc"
            })
    void noneCanBeReachedFromAUserNamespace(String host) {
        String identity = "[{\"containerID\": 0, \"hostID\": 0, \"size\": 65536}]";
        Bundle bundle = attacker()
                .with("/linux/namespaces/-", "{\"type\": \"user\"}")
                .with("/linux/uidMappings", identity)
                .with("/linux/gidMappings", identity);

        assertEquals(IN_VAIN, runOn(host, bundle, "--no-pivot").succeeds().output());
    }

    /** Where mounts are made with mount(2), in a staging area. */
    @Test
    void noneCanBeReachedWithTheMountCallsOfOlderKernels() {
        Path filter = Path.of("../native-shim/build/test/without-syscalls")
                .toAbsolutePath()
                .normalize();
        Programs.skipUnless(Files.isExecutable(filter), "make -C native-shim test has not built " + filter);
        String calls = Stream.of(
                        Syscall.OPEN_TREE,
                        Syscall.MOVE_MOUNT,
                        Syscall.FSOPEN,
                        Syscall.FSCONFIG,
                        Syscall.FSMOUNT,
                        Syscall.MOUNT_SETATTR)
                .map(call -> Integer.toString(call.number(Machine.host())))
                .collect(Collectors.joining(","));
        String host = "mount -t proc proc /proc && mount -t sysfs sysfs /mnt";

        Execution run = jrun.behind("unshare", "--mount", "sh", "-c", host + " && exec \"$@\"", "sh")
                .behind(filter.toString(), "ENOSYS", calls, "--")
                .call(words(attacker(), "--no-pivot"));

        assertEquals(IN_VAIN, run.succeeds().output());
    }

    /** The host's procfs is in the container, below its own. */
    @Test
    void theRootOfTheHostIsNoWayToItsProcfs() {
        Bundle bundle = attacker().with("/root", "{\"path\": \"/\"}");

        assertEquals(IN_VAIN, runOn("true", bundle).succeeds().output());
    }

    /** The kernel gives a page of the list for each read; with long names it has dozens. */
    @Test
    void noneOfManyIsMissed() {
        String name = "name-".repeat(45);
        String host = "mount -t tmpfs t /mnt && for i in $(seq 400); do d=/mnt/$i-" + name
                + "; mkdir $d; mount -t proc proc $d; done";

        assertEquals(IN_VAIN, runOn(host, attacker(), "--no-pivot").succeeds().output());
    }

    /** The others of the namespace that the runtime was called in keep what is mounted there. */
    @Test
    void theCallersMountsStay() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/rootfsPropagation", "\"rshared\"")
                .with("/mounts/-", "{\"destination\": \"/mnt\", \"source\": \"/mnt\", \"options\": [\"rbind\"]}")
                .runs("true");

        Execution run = jrun.behind(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount --make-rshared / && mount -t proc proc /mnt && before=$(cat /proc/self/mountinfo) && \"$@\""
                                + " && test \"$before\" = \"$(cat /proc/self/mountinfo)\" && echo same",
                        "sh")
                .call(words(bundle, "--no-pivot"));

        assertEquals("same\n", run.succeeds().output());
    }

    @Test
    void aMountNamespaceOfOthersIsLeftToThem() {
        try (Unshared other = Unshared.open("--mount")) {
            Path namespace = other.file("mnt");
            Bundle bundle = sandbox.bundle().joining("mount", namespace).runs("true");

            jrun.call(words(bundle, "--no-pivot"))
                    .failsWith(
                            "config.json#/linux/namespaces/5/path: without pivot_root (--no-pivot) the other processes");
        }
    }
}
