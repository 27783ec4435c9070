// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.Announcement;
import dev.jrun.launch.BundlePath;
import dev.jrun.launch.BundleProgram;
import dev.jrun.launch.Caller;
import dev.jrun.launch.CgroupPlaces;
import dev.jrun.launch.GroupSignal;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.SignalProgram;
import dev.jrun.launch.create.CreateProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.launch.terminal.CallerTerminals;
import dev.jrun.program.Instruction;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.spec.Config;
import dev.jrun.spec.reading.ConfigReader;
import dev.jrun.spec.reading.DefaultConfig;
import dev.jrun.spec.reading.DefaultConfig.CgroupHierarchy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What programs do without on kernels, and in containers, that lack newer system calls. */
class OlderKernelTest {

    private static final Path CGROUP = Path.of("/sys/fs/cgroup/c");
    private static final CgroupPlace UNIFIED = CgroupPlaces.unified(CGROUP.toString());

    private static final Set<NewerCall> REPLACEABLE =
            EnumSet.complementOf(EnumSet.of(NewerCall.OPENAT2, NewerCall.STATX, NewerCall.MEMFD_CREATE));

    @ParameterizedTest
    @EnumSource
    void noProgramUsesACallThatIsMissing(NewerCall missing) {
        if (REPLACEABLE.contains(missing)) {
            assertUnused(Set.of(missing));
        }
    }

    @Test
    void programsDoWithoutAllThatCanBeReplaced() {
        assertUnused(REPLACEABLE);
    }

    @Test
    void namesWhatCannotBeReplaced() {
        assertEquals(
                List.of(NewerCall.OPENAT2, NewerCall.STATX, NewerCall.MEMFD_CREATE),
                KernelCalls.none().missing());
        assertEquals(List.of(), LaunchedConfig.kernelWithout(REPLACEABLE).missing());
    }

    @Test
    void whereAllCallsArePresentNothingOfTheFallbacksIsUsed() {
        Program create = create(UNIFIED, KernelCalls.all(), DefaultConfig.forRoot(CgroupHierarchy.UNIFIED));

        assertTrue(uses(create, Syscall.CLONE3));
        assertFalse(uses(create, Syscall.GETDENTS64));
        assertFalse(sources(create).contains("make a staging area for mounts"));
    }

    @Test
    void initThatIsNotBornInItsCgroupJoinsItBeforeItsCgroupNamespaceBegins() {
        Program create = create(
                UNIFIED,
                LaunchedConfig.kernelWithout(Set.of(NewerCall.CLONE_INTO_CGROUP)),
                DefaultConfig.forRoot(CgroupHierarchy.UNIFIED));

        List<String> steps =
                create.sources().stream().map(Object::toString).distinct().toList();
        int join = steps.indexOf("config.json#/linux/cgroupsPath: join the cgroup " + CGROUP);
        assertTrue(join >= 0, steps::toString);
        assertEquals("config.json#/linux/namespaces: enter a new cgroup namespace", steps.get(join + 1));
    }

    @Test
    void aValueThatFsconfigCannotTakeIsMountedTheClassicWay() {
        String config = DefaultConfig.forRoot(CgroupHierarchy.UNIFIED).replace("size=65536k", "x".repeat(256));

        Program create = create(UNIFIED, KernelCalls.all(), config);

        assertTrue(sources(create).contains("make a staging area for mounts"));
        assertTrue(uses(create, Syscall.FSOPEN), "the other mounts");
    }

    @Test
    void optionsThatMountWouldCutOffAreRefused() {
        String config = DefaultConfig.forRoot(CgroupHierarchy.UNIFIED).replace("size=65536k", "x".repeat(4096));

        Program create = create(UNIFIED, KernelCalls.all(), config);

        assertTrue(sources(create).stream().anyMatch(source -> source.endsWith(": more than 4095 bytes of options")));
    }

    @Test
    void theStagingAreaIsGoneBeforeTheRootChanges() {
        Program create = create(UNIFIED, KernelCalls.none(), DefaultConfig.forRoot(CgroupHierarchy.UNIFIED));

        List<String> sources = sources(create);
        int removed = sources.indexOf("remove the staging area for mounts");
        int pivot = sources.indexOf("config.json#/root/path: make the root file system the root of the container");
        assertTrue(removed >= 0 && removed < pivot, () -> removed + ", " + pivot);
    }

    private static void assertUnused(Set<NewerCall> missing) {
        KernelCalls kernel = LaunchedConfig.kernelWithout(missing);
        List<Program> programs = List.of(
                BundleProgram.readAndSeal(
                        Machine.X86_64,
                        BundlePath.of("/bundle"),
                        new Caller("/opt/jrun", List.of("run"), List.of(), CallerTerminals.NONE),
                        0,
                        kernel,
                        WakeupAffinity.ELSEWHERE),
                create(UNIFIED, kernel, DefaultConfig.forRoot(CgroupHierarchy.UNIFIED)),
                create(LaunchedConfig.NO_CGROUPS, kernel, DefaultConfig.forRoot(CgroupHierarchy.LEGACY)),
                SignalProgram.toInit(7, Signal.KILL, kernel),
                new GroupSignal(List.of(7), Signal.KILL, kernel).program());
        for (Program program : programs) {
            for (Instruction instruction : program.instructions()) {
                if (instruction instanceof Instruction.SystemCall call) {
                    assertFalse(missing.stream().anyMatch(newer -> is(call, newer)), () -> missing + ": " + call);
                }
            }
        }
    }

    private static boolean is(Instruction.SystemCall call, NewerCall newer) {
        return switch (newer) {
            // A call that has the flag among its constants, or in its structure, which only clone3 has.
            case CLONE_INTO_CGROUP -> false;
            // Only a configuration asks for it.
            case SECCOMP_WAIT_KILLABLE_RECV -> false;
            case CLOSE_RANGE_CLOEXEC ->
                call.call() == Syscall.CLOSE_RANGE && call.arguments().getLast().equals(Operand.value(4));
            default -> call.call() == Syscall.valueOf(newer.name());
        };
    }

    private static boolean uses(Program program, Syscall syscall) {
        return program.instructions().stream()
                .anyMatch(instruction -> instruction instanceof Instruction.SystemCall call && call.call() == syscall);
    }

    private static List<String> sources(Program program) {
        return program.sources().stream().map(Object::toString).toList();
    }

    private static Program create(CgroupPlace cgroup, KernelCalls kernel, String config) {
        Config read = ConfigReader.draftToRun(config.getBytes(StandardCharsets.UTF_8))
                .reading()
                .value()
                .orElseThrow();
        LaunchRequest request = new LaunchRequest(
                "c",
                read,
                Path.of("/bundle"),
                cgroup,
                LaunchRequest.Options.NONE,
                new Ending.OnStart(Path.of("/run/jrun/c")),
                Optional.empty(),
                List.of(),
                List.of("/opt/jrun/bin/jrun", "delete", "c"),
                Map.of(),
                LaunchedConfig.ALL_RIGHTS,
                Optional.empty(),
                Announcement.NONE);
        return new CreateProgram(request, Machine.X86_64, kernel).program();
    }
}
