// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Containers on kernels, and under seccomp filters, without newer system calls: they see the same mounts, devices,
 * masked paths and descriptors as any other.
 */
class OlderKernelIT {

    private static final Path HOME = Path.of(System.getProperty("jrun.home"));
    private static final Path FILTER = Path.of("../native-shim/build/test/without-syscalls")
            .toAbsolutePath()
            .normalize();
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    /**
     * What the container says of itself, without what differs from one run to the next: ids of mounts and devices,
     * times.
     */
    private static final String LOOK = """
            cut -d' ' -f4- /proc/self/mountinfo
            stat -c '%n %a %F %t,%T %u:%g' /dev/* /dev/pts/ptmx
            stat -L -c '%n %a %F %t,%T' /proc/keys /proc/kcore /proc/timer_list /proc/acpi /sys/firmware 2>&1
            ls -A /proc/acpi /sys/firmware
            ls /proc/self/fd
            readlink /linked; readlink /copied; readlink /mounted; readlink /proc/1/exe; id; pwd; ls -A /
            """;

    private static final Set<Syscall> REPLACEABLE = EnumSet.of(
            Syscall.CLONE3,
            Syscall.OPEN_TREE,
            Syscall.MOVE_MOUNT,
            Syscall.FSOPEN,
            Syscall.FSCONFIG,
            Syscall.FSMOUNT,
            Syscall.MOUNT_SETATTR,
            Syscall.CLOSE_RANGE,
            Syscall.PIDFD_OPEN,
            Syscall.PIDFD_SEND_SIGNAL,
            Syscall.EXECVEAT,
            Syscall.KEYCTL,
            Syscall.FACCESSAT2);

    @TempDir
    Path scratch;

    private record Result(int code, String output) {}

    @BeforeEach
    void makeBundle() throws IOException, InterruptedException {
        assumeTrue((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs root");
        assumeTrue(
                Files.isExecutable(FILTER), "needs native-shim/build/test/without-syscalls (make -C native-shim test)");
        assumeTrue(Files.isExecutable(BUSYBOX), "needs a static /bin/busybox (busybox-static)");
        Path bin = Files.createDirectories(scratch.resolve("rootfs/bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String applet : List.of("sh", "cut", "stat", "ls", "readlink", "id", "pwd")) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
        assertEquals(
                0, run(List.of(jrun(), "spec", "--bundle", scratch.toString())).code());
        Path config = scratch.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"terminal\": true", "\"terminal\": false")
                        .replaceFirst("\"sh\"", "\"sh\", \"-c\", \"" + LOOK.replace("\n", "\\\\n") + "\"")
                        .replaceFirst(
                                "\"mounts\": \\[",
                                "\"mounts\": [{\"destination\": \"/bound\", \"type\": \"bind\", \"source\": \"" + bin
                                        + "\", \"options\": [\"rbind\", \"ro\", \"nosuid\", \"noatime\"]},"
                                        + link("/linked", "src-nofollow") + link("/copied", "copy-symlink")
                                        + link("/mounted", "src-nofollow\", \"dest-nofollow")));
        Files.createSymbolicLink(scratch.resolve("link"), Path.of("target"));
        Files.createSymbolicLink(scratch.resolve("rootfs/mounted"), Path.of("nowhere"));
    }

    private static String link(String destination, String options) {
        return "{\"destination\": \"%s\", \"source\": \"link\", \"options\": [\"bind\", \"%s\"]},"
                .formatted(destination, options);
    }

    static Stream<Arguments> missing() {
        List<Arguments> cases = new ArrayList<>();
        for (Syscall call : REPLACEABLE) {
            cases.add(Arguments.of("ENOSYS", EnumSet.of(call)));
            // A JVM cannot make threads where clone3 is forbidden in place of being unknown.
            if (call != Syscall.CLONE3) {
                cases.add(Arguments.of("EPERM", EnumSet.of(call)));
            }
        }
        Set<Syscall> allButClone = EnumSet.copyOf(REPLACEABLE);
        allButClone.remove(Syscall.CLONE3);
        cases.add(Arguments.of("ENOSYS", REPLACEABLE));
        cases.add(Arguments.of("EPERM", allButClone));
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("missing")
    void theContainerIsTheSame(String errno, Set<Syscall> calls) throws IOException, InterruptedException {
        Result expected = run(container());
        assertEquals(0, expected.code(), expected.output());
        assertTrue(expected.output().contains("\ntarget\ntarget\ntarget\n"), expected.output());

        Result result = run(without(errno, calls, container()));

        assertEquals(0, result.code(), result.output());
        assertEquals(expected.output(), result.output());
    }

    @Test
    void saysWhatCannotBeReplaced() throws IOException, InterruptedException {
        Result result = run(without("ENOSYS", EnumSet.of(Syscall.OPENAT2), container()));

        assertEquals(1, result.code(), result.output());
        assertTrue(result.output().contains("containers cannot be made without openat2 (Linux 5.6)"), result.output());
    }

    static Stream<Arguments> refused() {
        String below = "to change what is below, too, takes mount_setattr (Linux 5.12)";
        String ids = "takes mount_setattr (Linux 5.12)";
        return Stream.of("ENOSYS", "EPERM")
                .flatMap(errno -> Stream.of(
                        Arguments.of(errno, Syscall.MOUNT_SETATTR, "rbind,rro", "options/1", below),
                        Arguments.of(errno, Syscall.MOUNT_SETATTR, "rbind,ro,rnosuid", "options/2", below),
                        Arguments.of(errno, Syscall.MOUNT_SETATTR, "rbind,rrw", "options/1", below),
                        Arguments.of(errno, Syscall.MOUNT_SETATTR, "bind,idmap", "options/1", ids),
                        Arguments.of(errno, Syscall.MOUNT_SETATTR, "rbind,ridmap", "options/1", ids),
                        Arguments.of(
                                errno,
                                Syscall.MOUNT_SETATTR,
                                "ro,bind,idmap=uids=0-1000-1;gids=0-1000-1",
                                "options/2",
                                ids),
                        Arguments.of(
                                errno, Syscall.OPEN_TREE, "bind,idmap", "options/1", "takes open_tree (Linux 5.2)"),
                        Arguments.of(
                                errno, Syscall.MOVE_MOUNT, "bind,idmap", "options/1", "takes move_mount (Linux 5.2)")));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("refused")
    void whatNothingCanStandForIsNamed(String errno, Syscall call, String options, String pointer, String reason)
            throws IOException, InterruptedException {
        mount("", options);
        Result result = run(without(errno, EnumSet.of(call), container()));

        assertEquals(1, result.code(), result.output());
        assertTrue(result.output().startsWith("jrun: config.json#/mounts/0/" + pointer + ": "), result.output());
        assertTrue(
                result.output()
                        .contains(reason + ", which this kernel does not have or a seccomp filter around jrun forbids"),
                result.output());
    }

    @Test
    void mappingsOfAMountThatCannotBeMadeAreNamed() throws IOException, InterruptedException {
        String mapping = "[{\"containerID\": 0, \"hostID\": 1000, \"size\": 1}]";
        mount("\"uidMappings\": " + mapping + ", \"gidMappings\": " + mapping + ", ", "bind");
        Result result = run(without("ENOSYS", EnumSet.of(Syscall.MOUNT_SETATTR), container()));

        assertTrue(result.output().startsWith("jrun: config.json#/mounts/0/uidMappings: "), result.output());
    }

    /** Below what is new and no recursive bind there is nothing, and mount_setattr(2) alone will do. */
    static Stream<Arguments> replaced() {
        return Stream.of(
                Arguments.of(Syscall.MOUNT_SETATTR, "bind,rro,rnosuid"),
                Arguments.of(Syscall.FSOPEN, "rbind,rro,rnosuid"),
                Arguments.of(Syscall.OPEN_TREE, "rbind,rro,rnosuid"),
                Arguments.of(Syscall.FSMOUNT, "bind,idmap,rro"),
                Arguments.of(Syscall.FSOPEN, "bind,idmap,ro,rprivate"));
    }

    @ParameterizedTest
    @MethodSource("replaced")
    void whatCanStandForItDoes(Syscall call, String options) throws IOException, InterruptedException {
        mount("", options);
        Result expected = run(container());
        Result result = run(without("ENOSYS", EnumSet.of(call), container()));

        assertEquals(0, result.code(), result.output());
        // Mounts are listed in the order in which they were attached.
        assertEquals(
                expected.output().lines().sorted().toList(),
                result.output().lines().sorted().toList());
        assertTrue(result.output().contains(" /bound ro,"), result.output());
    }

    /** Changes the mount of {@link #makeBundle} in a container with a user namespace. */
    private void mount(String members, String options) throws IOException {
        String mapping = "[{\"containerID\": 0, \"hostID\": 0, \"size\": 65536}]";
        Path config = scratch.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                "\"options\": [\"rbind\", \"ro\", \"nosuid\", \"noatime\"]",
                                members + "\"options\": [\"" + options.replace(",", "\", \"") + "\"]")
                        .replaceFirst(
                                "\"namespaces\": \\[",
                                "\"uidMappings\": " + mapping + ", \"gidMappings\": " + mapping
                                        + ", \"namespaces\": [{\"type\": \"user\"},"));
    }

    @Test
    void saysWhyItsJvmCannotStart() throws IOException, InterruptedException {
        Result result = run(without("EPERM", EnumSet.of(Syscall.CLONE3), container()));

        assertEquals(1, result.code(), result.output());
        assertEquals(
                "jrun: the engine cannot start: a seccomp filter must forbid clone3 with ENOSYS, not with EPERM\n",
                result.output());
    }

    @Test
    void featuresSayWhatIsMissing() throws IOException, InterruptedException {
        Result result = run(without("EPERM", EnumSet.of(Syscall.FSOPEN), List.of(jrun(), "features")));

        assertTrue(result.output().contains("\"dev.jrun.kernel.fsopen\": \"false\""), result.output());
        assertTrue(result.output().contains("\"dev.jrun.kernel.openat2\": \"true\""), result.output());
    }

    private List<String> container() {
        return List.of(
                jrun(),
                "--root",
                scratch.resolve("state").toString(),
                "run",
                "--bundle",
                scratch.toString(),
                "older-kernel-" + ProcessHandle.current().pid());
    }

    private static List<String> without(String errno, Set<Syscall> calls, List<String> command) {
        String numbers = calls.stream()
                .map(call -> Integer.toString(call.number(Machine.host())))
                .collect(Collectors.joining(","));
        List<String> filtered = new ArrayList<>(List.of(FILTER.toString(), errno, numbers, "--"));
        filtered.addAll(command);
        return filtered;
    }

    private static String jrun() {
        return HOME.resolve("bin/jrun").toString();
    }

    private static Result run(List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JRUN_ENGINE_IDLE", "0");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        return new Result(process.waitFor(), output);
    }
}
