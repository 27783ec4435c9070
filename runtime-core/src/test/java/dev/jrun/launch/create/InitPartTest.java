// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchRequest.Options;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.Source;
import dev.jrun.spec.Annotation;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class InitPartTest {

    private static Options options(boolean noPivot, boolean noNewKeyring, List<String> environment) {
        return new Options(
                Optional.empty(),
                0,
                noPivot,
                noNewKeyring,
                environment,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void limitsAreSetOnTheProcessItself() {
        var config = LaunchedConfig.byDefault().with("/process/rlimits", """
                        [{"type": "RLIMIT_NOFILE", "soft": 512, "hard": 1024},
                         {"type": "RLIMIT_CORE", "soft": 0, "hard": 18446744073709551615}]
                        """);
        assertEquals(
                List.of("prlimit64(0, RLIMIT_NOFILE, {rlim_cur=512, rlim_max=1024}, NULL)"),
                config.lines("/process/rlimits/0"));
        assertEquals(
                List.of("prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=RLIM_INFINITY}, NULL)"),
                config.lines("/process/rlimits/1"));
    }

    @Test
    void aLimitOfDescriptorsThatInitCannotGoOnWithIsNamed() {
        var few = LaunchedConfig.byDefault()
                .with("/process/rlimits", "[{\"type\": \"RLIMIT_NOFILE\", \"soft\": 3, \"hard\": 100}]");

        assertEquals(
                List.of("config.json#/process/rlimits/0: set RLIMIT_NOFILE to 3:100, but init takes 4 until its program"
                        + " runs: too many open files"),
                LaunchedConfig.failures(few.create().program(), Errno.EMFILE));
        var enough = few.with("/process/rlimits", "[{\"type\": \"RLIMIT_NOFILE\", \"soft\": 4, \"hard\": 4}]");
        assertEquals(List.of(), LaunchedConfig.failures(enough.create().program(), Errno.EMFILE));
    }

    @Test
    void theHostNameIsSetInBytes() {
        var config = LaunchedConfig.byDefault().with("/hostname", "\"bök\"").with("/domainname", "\"example.org\"");
        assertEquals(List.of("sethostname(\"bök\", size=4)"), config.lines("/hostname"));
        assertEquals(List.of("setdomainname(\"example.org\", size=11)"), config.lines("/domainname"));
        assertEquals(List.of(), LaunchedConfig.byDefault().without("/hostname").lines("/hostname"));
    }

    @Test
    void theContainerGetsAKeyringOfItsOwn() {
        assertEquals(
                List.of(
                        "keyring = keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)",
                        "keyctl(KEYCTL_SETPERM, keyring, 0x3f3f0000)"),
                LaunchedConfig.byDefault().calls(Syscall.KEYCTL));
    }

    @Test
    void theCallersKeyringIsLeftIfThatIsAskedFor() {
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault().with(options(false, true, List.of())).calls(Syscall.KEYCTL));
    }

    @Test
    void signalsThatItsCallerIgnoresAreNotIgnored() {
        var config = LaunchedConfig.byDefault();
        assertEquals(
                List.of(
                        "ignored = ignored signals",
                        "signal = 1",
                        "if ignored == 0 go to no more is ignored",
                        "if ignored has none of 1 go to not ignored",
                        "rt_sigaction(signal, [buffer], NULL, size=8)  ignoring EINVAL",
                        "ignored = ignored >>> 1",
                        "signal = signal + 1",
                        "go to next signal"),
                config.intent("give every signal its default disposition"));
        assertTrue(config.indexOf("wait for start") < config.indexOf("give every signal its default disposition"));
    }

    @Test
    void theWorkingDirectoryIsMadeInsideTheRoot() {
        var config = LaunchedConfig.byDefault().with("/process/cwd", "\"/work/../a/b\"");
        List<String> made = config.intent("make the working directory /work/../a/b");
        assertEquals(
                "target = openat2(root, \"a/b\", {flags=O_DIRECTORY|O_CLOEXEC|O_PATH,"
                        + " resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}, size=24)  retrying EAGAIN, EINTR"
                        + "  on ENOENT, ELOOP go to missing, or a link",
                made.getFirst());
    }

    @Test
    void theRootAsWorkingDirectoryNeedsNotBeMade() {
        assertEquals(List.of(), LaunchedConfig.byDefault().intent("make the working directory /"));
    }

    @Test
    void theWorkingDirectoryIsEnteredAndCheckedToBeInTheContainer() {
        var config = LaunchedConfig.byDefault().with("/process/cwd", "\"/work\"");
        assertEquals(
                List.of(
                        "entered = chdir(\"/work\")  ignoring EACCES, EPERM",
                        "if entered == 0 go to entered",
                        "chdir(\"/work\")"),
                config.intent("enter the working directory /work"));
        assertEquals(
                List.of(
                        "getcwd([buffer], size=4096)",
                        "first character = u8 at [buffer]",
                        "if first character == 47 go to in the container",
                        "fail with EPERM"),
                config.intent("check that the working directory is inside the container"));
    }

    @Test
    void theExecutableIsSearchedInTheContainersPath() {
        var config = LaunchedConfig.byDefault()
                .with("/process/args", "[\"prog\", \"-x\"]")
                .with("/process/env", "[\"PATH=/ignored\", \"PATH=/usr/bin::/bin\", \"HOME=/\"]");
        assertEquals(
                List.of(
                        "denied = 0",
                        "statx(AT_FDCWD, \"/usr/bin/prog\", 0, STATX_BASIC_STATS, [buffer])  on any error go to next",
                        "mode = u16 at [buffer+28]",
                        "mode = mode & S_IFMT",
                        "if mode == S_IFDIR go to next",
                        "faccessat2(AT_FDCWD, \"/usr/bin/prog\", X_OK, AT_EACCESS)  on any error go to not allowed",
                        "executable = \"/usr/bin/prog\"",
                        "go to found",
                        "denied = 1"),
                config.intent("look for prog in $PATH").subList(0, 9));
        assertEquals(
                List.of("/usr/bin/prog", "./prog", "/bin/prog"),
                config.intent("look for prog in $PATH").stream()
                        .filter(line -> line.startsWith("executable = "))
                        .map(line -> line.replaceAll(".*\"(.*)\"", "$1"))
                        .toList());
        assertEquals(
                "execve(executable, [\"prog\", \"-x\"], [\"PATH=/usr/bin::/bin\", \"HOME=/\"])",
                config.calls(Syscall.EXECVE).getLast());
    }

    @Test
    void withoutPathNothingIsSearched() {
        var config = LaunchedConfig.byDefault().with("/process/env", "[]");
        List<String> lines = config.intent("look for sh in $PATH");
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("executable = ")));
    }

    @Test
    void anExecutableThatIsNotInPathHasTheWordsThatDockerLooksFor() {
        Program program = LaunchedConfig.byDefault()
                .with("/process/args", "[\"nope\"]")
                .create()
                .program();
        assertEquals(
                List.of("config.json#/process/args/0: exec: \"nope\": executable file not found in $PATH:"
                        + " no such file or directory"),
                LaunchedConfig.failures(program, Errno.ENOENT));
        assertEquals(
                List.of("config.json#/process/args/0: exec: \"nope\": permission denied"),
                LaunchedConfig.failures(program, Errno.EACCES));
    }

    @Test
    void aPathToAnExecutableIsTakenAsItIs() {
        var config = LaunchedConfig.byDefault().with("/process/args", "[\"./bin/prog\"]");
        assertEquals(
                List.of("statx(AT_FDCWD, \"./bin/prog\", 0, STATX_BASIC_STATS, [buffer])"),
                config.intent("exec: \"./bin/prog\": stat ./bin/prog").stream()
                        .filter(line -> line.startsWith("statx"))
                        .toList());
        assertTrue(config.lines("/process/args/0").contains("faccessat2(AT_FDCWD, \"./bin/prog\", X_OK, AT_EACCESS)"));
        assertEquals(
                List.of("config.json#/process/args/0: exec: \"./bin/prog\": is a directory"),
                LaunchedConfig.failures(config.create().program(), Errno.EISDIR));
    }

    @Test
    void whereNothingAsksForEffectiveCapabilitiesOneThatAllowsAllIsLeftToExec() {
        var config = LaunchedConfig.byDefault()
                .with("/process/args", "[\"./prog\"]")
                .on(LaunchedConfig.kernelWithout(List.of(NewerCall.FACCESSAT2)));
        assertTrue(config.lines("/process/args/0").contains("faccessat(AT_FDCWD, \"./prog\", X_OK)"));

        config.with("/process/capabilities/effective", "[\"CAP_DAC_OVERRIDE\"]");
        assertEquals(List.of(), config.calls(Syscall.FACCESSAT));
    }

    @Test
    void homeIsLookedUpOnlyIfItIsNotSet() {
        var without = LaunchedConfig.byDefault();
        assertTrue(without.lines("/process/env").stream().anyMatch(line -> line.contains("\"etc/passwd\"")));
        assertTrue(without.calls(Syscall.EXECVE).getLast().endsWith(", \"TERM=xterm\", [buffer]])"));
        var with = LaunchedConfig.byDefault().with("/process/env", "[\"HOME=/root\"]");
        assertEquals(List.of(), with.lines("/process/env"));
        assertTrue(with.calls(Syscall.EXECVE).getLast().endsWith("[\"HOME=/root\"])"));
    }

    @Test
    void passwdIsOpenedOnlyOnceItIsKnownToBeAFileAndNoTroubleWithItFails() {
        var lines = LaunchedConfig.byDefault().lines("/process/env");
        var opened = lines.stream().filter(line -> line.contains("openat2(")).toList();
        assertEquals(2, opened.size());
        assertTrue(opened.getFirst().contains("{flags=O_CLOEXEC|O_PATH,"), opened::getFirst);
        assertTrue(opened.getLast().contains("{flags=O_RDONLY|O_NOCTTY|O_NONBLOCK|O_CLOEXEC,"), opened::getLast);
        for (String check : List.of("if type != S_IFREG go to close passwd", "if type == 40864 go to close passwd")) {
            assertEquals(2, lines.stream().filter(check::equals).count(), lines::toString);
            assertTrue(lines.indexOf(check) < lines.indexOf(opened.getLast()));
        }
        for (String line : lines) {
            if (line.contains("openat2(") || line.contains("statx(") || line.contains("fstatfs(")) {
                assertTrue(line.contains("  on any error go to "), line);
            }
            if (line.contains("read(")) {
                assertTrue(line.endsWith("  ignoring every error"), line);
            }
        }
    }

    @Test
    void anEmptyHomeIsReplaced() {
        var config = LaunchedConfig.byDefault().with("/process/env", "[\"HOME=\", \"A=b\"]");
        assertTrue(config.calls(Syscall.EXECVE).getLast().endsWith("[\"A=b\", [buffer]])"));
    }

    @Test
    void socketsOfTheCallerAreAnnouncedInTheEnvironment() {
        var config = LaunchedConfig.byDefault()
                .with("/process/env", "[\"HOME=/\"]")
                .with(options(false, false, List.of("LISTEN_FDS=2", "LISTEN_PID=1")));
        assertTrue(
                config.calls(Syscall.EXECVE).getLast().endsWith("[\"HOME=/\", \"LISTEN_FDS=2\", \"LISTEN_PID=1\"])"));
    }

    @Test
    void initDiesWithTheShimUntilTheContainerIsComplete() {
        var config = LaunchedConfig.byDefault();
        assertEquals(
                List.of("prctl(PR_SET_PDEATHSIG, SIGKILL)", "prctl(PR_SET_PDEATHSIG, SIGKILL)"),
                config.intent("die with the shim until the container is complete").stream()
                        .filter(line -> line.contains("PDEATHSIG"))
                        .toList());
        assertEquals(List.of("prctl(PR_SET_PDEATHSIG, 0)"), config.intent("outlive the shim"));
        assertTrue(config.indexOf("become user 0") < config.indexOf("outlive the shim"));
    }

    @Test
    void initCannotBeInspectedAlsoAfterItChangedItsUser() {
        String intent = "hide init from the container until its executable runs";
        assertEquals(
                List.of("prctl(PR_SET_DUMPABLE, 0)"), LaunchedConfig.byDefault().intent(intent));
        assertEquals(
                List.of("prctl(PR_SET_DUMPABLE, 0)", "prctl(PR_SET_DUMPABLE, 0)"),
                LaunchedConfig.byDefault()
                        .of(new CallerRights(false, false, false, true))
                        .intent(intent));
    }

    @Test
    void everyDescriptorOfTheHostIsClosedBeforeTheWorkingDirectoryIsEntered() {
        var config = LaunchedConfig.byDefault();
        assertEquals(List.of("close_range(5, 0xffffffff, 0)"), config.intent("close every descriptor of the host"));
        assertTrue(
                config.indexOf("close every descriptor of the host") < config.indexOf("enter the working directory /"));
    }

    @Test
    void whatInitKeepsIsRightBehindWhatTheContainerInheritsSoThatNothingIsBelow() {
        var config = LaunchedConfig.byDefault()
                .with("/annotations", "{\"run.oci.hooks.stderr\": \"/log\"}")
                .allowing(Annotation.HOOKS_STDERR)
                .with("/hooks", "{\"createContainer\": [{\"path\": \"/bin/hook\"}]}")
                .with(new Options(
                        Optional.empty(),
                        2,
                        false,
                        false,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));

        assertEquals(
                List.of(
                        "dup3(init's end, 5, O_RDONLY|O_CLOEXEC)  on EINVAL go to there already",
                        "close(init's end)",
                        "init's end = 5",
                        "reporter = 5",
                        "dup3(hooks.stderr, 6, O_RDONLY|O_CLOEXEC)  on EINVAL go to there already",
                        "close(hooks.stderr)",
                        "hooks.stderr = 6",
                        "dup3(start socket, 7, O_RDONLY|O_CLOEXEC)  on EINVAL go to there already",
                        "close(start socket)",
                        "start socket = 7"),
                config.intent("gather the descriptors that init keeps"));
        assertEquals(List.of("close_range(8, 0xffffffff, 0)"), config.intent("close every descriptor of the host"));
        assertTrue(config.indexOf("gather the descriptors that init keeps") < config.indexOf("mount tmpfs on /dev"));
    }

    @Test
    void theRootIsPivotedByDefault() {
        assertEquals(
                List.of("pivot_root(\".\", \".\")"), LaunchedConfig.byDefault().calls(Syscall.PIVOT_ROOT));
        assertEquals(
                List.of(
                        "umount2(\".\", MNT_DETACH)",
                        "umount2(\".\", MNT_DETACH)  on EINVAL go to the host's root is detached"),
                LaunchedConfig.byDefault().calls(Syscall.UMOUNT2));
    }

    @Test
    void theRootIsMovedOverTheHostsIfItCannotBePivoted() {
        var config = LaunchedConfig.byDefault().with(options(true, false, List.of()));
        assertEquals(List.of(), config.calls(Syscall.PIVOT_ROOT));
        assertEquals(
                List.of("fchdir(root)", "mount(\".\", \"/\", NULL, MS_MOVE, NULL)"),
                config.intent("move the root file system over the host's root (--no-pivot)"));
        assertEquals(
                List.of("chroot(\".\")", "chdir(\"/\")"),
                config.intent("make the root file system the root of the container (--no-pivot)"));
        assertEquals(
                List.of("umount2(place, MNT_DETACH|UMOUNT_NOFOLLOW)  on any error go to next line"),
                config.calls(Syscall.UMOUNT2));
        assertTrue(config.indexOf("move the root file system over the host's root (--no-pivot)")
                < config.indexOf("detach the host's mounts (--no-pivot)"));
    }

    @Test
    void aMountNamespaceOfOthersKeepsItsMounts() {
        String namespaces = """
                [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "cgroup"},
                 {"type": "mount", "path": "/proc/1/ns/mnt"}]""";
        String refusal = "without pivot_root (--no-pivot) the other processes there would lose their mounts";
        var config = LaunchedConfig.byDefault().with("/linux/namespaces", namespaces);
        assertEquals(List.of(), config.intent(refusal));
        config.with(options(true, false, List.of()));
        assertEquals(List.of("fail with EINVAL"), config.intent(refusal));
    }

    @Test
    void everyInstructionSaysWhyItIsThere() {
        Program program = LaunchedConfig.byDefault().create().program();
        for (Source source : program.sources()) {
            assertFalse(source.intent().isBlank());
        }
    }

    @Test
    void everyPathOfTheContainerIsResolvedInItsRootOrBeneathAMountOfTheKernel() {
        for (String call : LaunchedConfig.byDefault().calls(Syscall.OPENAT2)) {
            if (call.contains("openat2(mount above, ")) {
                assertTrue(call.contains("resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH}"), call);
                continue;
            }
            assertTrue(call.contains("openat2(root, "), call);
            assertTrue(
                    call.contains("resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}")
                            || call.contains("resolve=RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}"),
                    call);
        }
    }

    @Test
    void afterStartOnlyTheExecutableIsLeftToFail() {
        CreateProgram create = LaunchedConfig.byDefault().create();
        SortedMap<Integer, String> steps = create.underway().startSteps();
        assertTrue(steps.containsValue("config.json#/process/args/0: exec sh"));
        int last = steps.lastKey();
        assertTrue(create.program().instructions().size() > last);
        Instruction exec = create.program()
                .instructions()
                .get(steps.entrySet().stream()
                        .filter(step -> step.getValue().endsWith("exec sh"))
                        .findFirst()
                        .orElseThrow()
                        .getKey());
        assertTrue(exec instanceof Instruction.SystemCall call && call.call() == Syscall.EXECVE);
    }
}
