// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.LaunchRequest.Options;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.StateText;
import dev.jrun.program.Program;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hooks of a launch, and of what comes after it. */
class LaunchHooksTest {

    private static final String HOOK = "[{\"path\": \"/bin/hook\", \"args\": [\"hook\", \"x\"], \"env\": [\"A=b\"]}]";

    private static LaunchedConfig with(String name) {
        return LaunchedConfig.byDefault().with("/hooks", "{\"" + name + "\": " + HOOK + "}");
    }

    private static int size(LaunchedConfig config) {
        return config.create().program().instructions().size();
    }

    @Test
    void emptyListsNeedNoInstruction() {
        var empty = LaunchedConfig.byDefault()
                .with(
                        "/hooks",
                        "{\"prestart\": [], \"createContainer\": [], \"startContainer\": [], \"poststop\": []}");
        assertEquals(size(LaunchedConfig.byDefault()), size(empty));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prestart", "createRuntime"})
    void hooksOfTheRuntimeRunInTheShimWhileInitWaits(String name) {
        LaunchedConfig config = with(name);
        int hook = config.indexOf("hook /bin/hook");
        assertTrue(config.indexOf("record the container") < hook);
        assertTrue(hook < config.indexOf("let init go on behind the hooks of the runtime"));
        assertTrue(hook < config.create().initStart());
        int wait = config.indexOf("wait for the hooks of the runtime");
        assertTrue(config.indexOf("mount tmpfs on /dev/shm") < wait);
        assertTrue(wait < config.indexOf("make the root file system the root of the container"), "before pivot_root");
    }

    @Test
    void createContainerHooksRunInInitBeforeThePivot() {
        LaunchedConfig config = with("createContainer");
        int hook = config.indexOf("hook /bin/hook");
        assertTrue(config.indexOf("mount tmpfs on /dev/shm") < hook);
        assertTrue(hook < config.indexOf("make the root file system the root of the container"));
        assertTrue(config.intent("hook /bin/hook").contains("fchdir(root)"));
    }

    @Test
    void startContainerHooksRunRightBeforeTheProgram() {
        LaunchedConfig config = with("startContainer");
        int hook = config.indexOf("hook /bin/hook");
        assertTrue(config.indexOf("wait for start") < hook);
        assertTrue(hook < config.indexOf("exec sh"));
    }

    @Test
    void poststartHooksFollowTheStartOfWhatIsRun() {
        for (Ending ending : List.of(
                new Ending.Detached(LaunchedConfig.STATE),
                new Ending.Supervised(Adoption.BY_SHIM, Afterwards.REMOVE, LaunchedConfig.STATE_DIRECTORY))) {
            LaunchedConfig config = with("poststart").with(ending);
            assertTrue(config.indexOf("wait until init's executable runs") < config.indexOf("hook /bin/hook"));
        }
        assertEquals(List.of(), with("poststart").intent("hook /bin/hook"), "start runs them");
    }

    @Test
    void aHookBecomesWhatIsConfigured() {
        List<String> lines = with("createRuntime").intent("hook /bin/hook");
        assertTrue(lines.contains("execve(\"/bin/hook\", [\"hook\", \"x\"], [\"A=b\"])"), lines::toString);
        assertTrue(lines.contains("dup3(state, 0, O_RDONLY)"), lines::toString);
        assertTrue(lines.contains("chdir(\"/bundle\")  ignoring every error"), lines::toString);
        assertTrue(lines.contains("prctl(PR_SET_PDEATHSIG, SIGKILL)"), lines::toString);
        assertTrue(lines.contains("setsid()"), lines::toString);
    }

    @Test
    void aHookWithoutArgumentsKnowsItsPath() {
        List<String> lines = LaunchedConfig.byDefault()
                .with("/hooks", "{\"createRuntime\": [{\"path\": \"/bin/hook\"}]}")
                .intent("hook /bin/hook");
        assertTrue(
                lines.contains("execve(\"/bin/hook\", [\"/bin/hook\"], [\"PATH=/of/the/caller\"])"), lines::toString);
    }

    /** Of the runtime what is a program of the host, of the container's process what is the container's. */
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            createRuntime   | ["PATH=/of/the/caller"]
            prestart        | ["PATH=/of/the/caller"]
            createContainer | ["PATH=/of/the/caller"]
            startContainer  | ["PATH=/bin", [buffer]]
            """)
    void aHookWithoutAnEnvironmentInheritsOne(String name, String inherited) {
        var config = LaunchedConfig.byDefault()
                .with("/process/env", "[\"PATH=/bin\"]")
                .with(
                        "/hooks",
                        "{\"" + name + "\": [{\"path\": \"/a\"}, {\"path\": \"/a\", \"env\": null},"
                                + " {\"path\": \"/a\", \"env\": []}]}");

        assertEquals(
                List.of(inherited, inherited, "[]"),
                environments(config.create().program()));
    }

    private static List<String> environments(Program program) {
        String exec = "execve(\"/a\", [\"/a\"], ";
        return LaunchedConfig.lines(program, source -> true).stream()
                .filter(line -> line.startsWith(exec))
                .map(line -> line.substring(exec.length(), line.length() - 1))
                .toList();
    }

    @Test
    void theEnvironmentOfPoststopHooksIsKeptForTheEngineThatRunsThemIfThisOneIsLost() {
        var with = LaunchedConfig.byDefault().with("/hooks", "{\"poststop\": [{\"path\": \"/a\"}]}");
        var without = LaunchedConfig.byDefault().with("/hooks", "{\"poststop\": [{\"path\": \"/a\", \"env\": []}]}");

        assertEquals("[\"PATH=/of/the/caller\", \"JRUN_ENGINE_IDLE=0\"]", environmentOfRescue(with));
        assertEquals("[\"JRUN_ENGINE_IDLE=0\"]", environmentOfRescue(without));
    }

    private static String environmentOfRescue(LaunchedConfig config) {
        String call = config.calls(Syscall.EXECVE).stream()
                .filter(line -> line.contains("/opt/jrun/bin/jrun"))
                .findFirst()
                .orElseThrow();
        return call.substring(call.indexOf("], [") + 3, call.indexOf(")  ignoring"));
    }

    @Test
    void hooksDoNotGetPreservedDescriptors() {
        List<String> lines = with("createRuntime")
                .with(new Options(
                        Optional.empty(),
                        2,
                        false,
                        false,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .intent("hook /bin/hook");
        assertTrue(lines.contains("fcntl(3, F_SETFD, 1)"), lines::toString);
        assertTrue(lines.contains("fcntl(4, F_SETFD, 1)"), lines::toString);
    }

    @Test
    void aTimeoutIsSaid() {
        String late = "hook /bin/hook did not end within 7 s and was killed";
        var config = LaunchedConfig.byDefault()
                .with("/hooks", "{\"createRuntime\": [{\"path\": \"/bin/hook\", \"timeout\": 7}]}");
        assertEquals(List.of("fail with ETIME"), config.intent(late));
        assertTrue(config.calls(Syscall.PPOLL).stream().anyMatch(line -> line.contains("tv_sec=7")));
        assertEquals(List.of(), with("createRuntime").intent(late));
    }

    @Test
    void everyHookHasItsPointer() {
        var config = LaunchedConfig.byDefault()
                .with("/hooks", "{\"createRuntime\": [{\"path\": \"/a\"}, {\"path\": \"/b\"}]}");
        assertTrue(config.lines("/hooks/createRuntime/1").stream().anyMatch(line -> line.startsWith("execve(\"/b\"")));
    }

    @Test
    void outputGoesWhereAnnotationsSay() {
        var config = with("createRuntime")
                .with(
                        "/annotations",
                        "{\"run.oci.hooks.stdout\": \"/log/out\", \"run.oci.hooks.stderr\": \"/log/err\"}");
        String pointer = "/annotations/run.oci.hooks.stdout";
        assertEquals(List.of(), config.lines(pointer), "an image may have named it");

        config.allowing(Annotation.HOOKS_STDOUT, Annotation.HOOKS_STDERR);

        List<String> opened = config.calls(Syscall.OPENAT).stream()
                .filter(line -> line.contains("\"/log/out\""))
                .toList();
        assertEquals(
                List.of(
                        "hooks.stdout = openat(AT_FDCWD, \"/log/out\", O_NOCTTY|O_NOFOLLOW|O_CLOEXEC|O_PATH, 0700)"
                                + "  on ENOENT go to no file yet",
                        "hooks.stdout = openat(AT_FDCWD, \"/log/out\","
                                + " O_WRONLY|O_CREAT|O_NOCTTY|O_APPEND|O_NONBLOCK|O_NOFOLLOW|O_CLOEXEC, 0700)"),
                opened);
        assertTrue(config.intent("hook /bin/hook").contains("dup3(hooks.stderr, 2, O_RDONLY)"));
        assertTrue(config.indexOf("open /log/out for what hooks write")
                < config.create().initStart());
    }

    @Test
    void theStateIsThatOfTheMoment() {
        var container =
                new StateSubject("1.3.0", "c1", Path.of("/b"), Annotations.of(Map.of("k", "\"v\"")), Hooks.NONE);
        StateText state = StateText.of(container, "creating");
        assertEquals(
                "{\"ociVersion\":\"1.3.0\",\"id\":\"c1\",\"status\":\"creating\",\"pid\":7,\"bundle\":\"/b\",\"annotations\":"
                        + "{\"k\":\"\\\"v\\\"\"}}",
                text(state.head()) + text(state.pidName()) + "7" + text(state.tail()));
        assertEquals(
                "{\"ociVersion\":\"1.3.0\",\"id\":\"c1\",\"status\":\"creating\",\"bundle\":\"/b\",\"annotations\":"
                        + "{\"k\":\"\\\"v\\\"\"}}",
                text(state.head()) + text(state.tail()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void poststopHooksRunWhicheverFail() {
        Hook hook = new Hook("/a", List.of(), Optional.empty(), OptionalLong.empty());
        List<Hook> none = List.of();
        List<Hook> two = List.of(hook, hook);
        Program poststop = HookProgram.poststop(
                        subject(new Hooks(none, none, none, none, none, two)),
                        List.of(),
                        Machine.X86_64,
                        KernelCalls.all())
                .program();
        Program poststart = HookProgram.poststart(
                        subject(new Hooks(none, none, none, none, two, none)),
                        7,
                        List.of("A=of the caller"),
                        Machine.X86_64,
                        KernelCalls.all())
                .program();
        assertEquals(2, reports(poststop));
        assertEquals(1, reports(poststart));
        assertEquals(List.of("[\"A=of the caller\"]", "[\"A=of the caller\"]"), environments(poststart));
    }

    private static StateSubject subject(Hooks hooks) {
        return new StateSubject("1.3.0", "c1", Path.of("/b"), Annotations.NONE, hooks);
    }

    private static long reports(Program program) {
        return LaunchedConfig.lines(program, source -> true).stream()
                .filter(line -> line.startsWith("tell HOOK_FAILED"))
                .count();
    }

    @Test
    void theEndOfAHookIsSaidInWords() {
        assertEquals("exit status 3", HookEnd.describe(1027));
        assertEquals("killed by SIGKILL", HookEnd.describe(1280 + 9));
        assertFalse(HookEnd.is(2));
        assertFalse(HookEnd.is(531));
        assertTrue(HookEnd.is(1025));
    }
}
