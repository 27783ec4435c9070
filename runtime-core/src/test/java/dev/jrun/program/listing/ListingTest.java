// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import static dev.jrun.program.Operand.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListingTest {

    private static final List<String> TAGS = List.of("NONE", "READY", "DONE");

    private final Assembler asm = new Assembler();

    private String listing() {
        return new Listing(asm.assemble(), Machine.X86_64, TAGS::get).text();
    }

    /** The instructions alone, but for the end that a program has to have. */
    private List<String> lines() {
        asm.end();
        Program program = asm.assemble();
        Listing listing = new Listing(program, Machine.X86_64, TAGS::get);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < program.instructions().size() - 1; i++) {
            lines.add(listing.line(i));
        }
        return lines;
    }

    private void assertLines(String... expected) {
        assertEquals(List.of(expected), lines());
    }

    private static byte[] longs(long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long number : numbers) {
            bytes.putLong(number);
        }
        return bytes.array();
    }

    private static byte[] ints(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    @Test
    void aSourceStandsAboveItsInstructionsOnce() {
        Register context = asm.register("context");
        Label done = asm.label("done");
        asm.source("/mounts/3", "mount tmpfs on /dev/shm");
        asm.call(Syscall.FSOPEN, asm.string("tmpfs"), value(MountFlags.FSOPEN_CLOEXEC))
                .into(context);
        asm.call(Syscall.CLOSE, context).on(done, Errno.EBADF);
        asm.source(Source.runtime("done"));
        asm.place(done);
        asm.end();
        assertEquals("""
                # config.json#/mounts/3: mount tmpfs on /dev/shm
                    0  context = fsopen("tmpfs", FSOPEN_CLOEXEC)
                    1  close(context)  on EBADF go to 2 (done)

                # done
                done:
                    2  end of the program
                """, listing());
    }

    @Test
    void aProgramThatHoldsSaysSo() {
        asm.source(Source.runtime("wait"));
        asm.hold();
        asm.end();
        assertEquals("""
                # wait
                    0  wait for the engine
                    1  end of the program
                """, listing());
    }

    @Test
    void aSourceOfTheConfigurationCannotFakeLines() {
        asm.source("/process/cwd", "enter /a\n    9  \u001b[2K\u202eb");
        asm.call(Syscall.CHDIR, asm.string("/a\"\n\u001b[2K\u202e\\"));
        asm.end();
        assertEquals("""
                # config.json#/process/cwd: enter /a\\n    9  \\u001b[2K\\u202eb
                    0  chdir("/a\\"\\n\\u001b[2K\\u202e\\\\")
                    1  end of the program
                """, listing());
    }

    @Test
    void aPartOfAProgramCanBeListed() {
        asm.source(Source.runtime("all"));
        asm.call(Syscall.GETPID);
        asm.call(Syscall.GETUID);
        asm.end();
        assertEquals("# all\n    1  getuid()\n", new Listing(asm.assemble(), Machine.X86_64, TAGS::get).text(1, 2));
    }

    @Test
    void policiesAreSaidInWords() {
        Label away = asm.label("away");
        asm.place(away);
        asm.call(Syscall.GETPID).ignore(Errno.EEXIST, Errno.EROFS);
        asm.call(Syscall.GETPID).ignoreErrors();
        asm.call(Syscall.GETPID).on(away, Errno.ENOENT);
        asm.call(Syscall.GETPID).onError(away).retry();
        assertLines(
                "getpid()  ignoring EEXIST, EROFS",
                "getpid()  ignoring every error",
                "getpid()  on ENOENT go to 0 (away)",
                "getpid()  retrying EAGAIN, EINTR  on any error go to 0 (away)");
    }

    @Test
    void otherInstructionsReadLikeAssignments() {
        Register a = asm.register("a");
        Register b = asm.register("the b");
        Address place = asm.space(64);
        Label here = asm.label("here");
        asm.place(here);
        asm.move(a, value(-11));
        asm.move(a, asm.string("text"));
        asm.move(a, place.plus(8));
        asm.compute(a, b, Operation.SUBTRACT, value(1));
        asm.load(a, Width.SHORT, place.plus(28));
        asm.store(Width.INT, place, b);
        asm.store(Width.LONG, place, b, value(0x6b636f732e74696eL));
        asm.format(place, a, b);
        asm.branch(a, Condition.NOT_LESS, b, here);
        asm.branch(a, Condition.EQUAL, value(-2), here);
        asm.go(here);
        asm.onFail(here);
        asm.onFailEnd();
        asm.supervise(a, b);
        asm.fail(Errno.EISDIR);
        asm.exit(a);
        assertLines(
                "a = -EAGAIN",
                "a = \"text\"",
                "a = [buffer 1+8]",
                "a = the b - 1",
                "a = u16 at [buffer 1+28]",
                "u32 at [buffer 1] = the b",
                "u64 at [buffer 1] + the b = \"nit.sock\"",
                "the b = decimal([buffer 1], a)",
                "if a >= the b go to 0 (here)",
                "if a == -ENOENT go to 0 (here)",
                "go to 0 (here)",
                "on failure go to 0 (here)",
                "on failure end the program",
                "a = supervise(the b)",
                "fail with EISDIR",
                "exit with code a");
    }

    @Test
    void reportsHaveTheNamesOfTheirTags() {
        Register a = asm.register("a");
        Register b = asm.register("b");
        Address place = asm.space(8);
        asm.ask(1, new Range(place, b), a);
        asm.tell(2);
        assertLines("ask READY: a, b bytes of [buffer 1]", "tell DONE");
    }

    @Test
    void fileTypesAreNamedWhereTheyAreCompared() {
        Register type = asm.register("type");
        Label end = asm.label("end");
        asm.compute(type, type, Operation.AND, value(FileMode.S_IFMT));
        asm.branch(type, Condition.EQUAL, value(FileMode.S_IFDIR), end);
        asm.move(type, value(0));
        asm.branch(type, Condition.EQUAL, value(FileMode.S_IFDIR), end);
        asm.place(end);
        assertLines(
                "type = type & S_IFMT",
                "if type == S_IFDIR go to 4 (end)",
                "type = 0",
                "if type == 16384 go to 4 (end)");
    }

    @Test
    void aRegisterThatIsWrittenHoldsNoFileTypeAnyMore() {
        Register type = asm.register("type");
        Label end = asm.label("end");
        asm.compute(type, type, Operation.AND, value(FileMode.S_IFMT));
        asm.supervise(type, value(1));
        asm.branch(type, Condition.EQUAL, value(FileMode.S_IFDIR), end);
        asm.place(end);
        assertLines("type = type & S_IFMT", "type = supervise(1)", "if type == 16384 go to 3 (end)");
    }

    @Test
    void flagsOfFilesAreNamed() {
        Register fd = asm.register("fd");
        Operand here = value(OpenFlags.AT_FDCWD);
        Address path = asm.string("/a");
        asm.call(Syscall.OPENAT, here, path, value(0));
        asm.call(Syscall.OPENAT, here, path, value(OpenFlags.O_WRONLY | OpenFlags.O_CREAT), value(0644));
        asm.call(
                Syscall.OPENAT,
                fd,
                path,
                value(OpenFlags.O_PATH | OpenFlags.directory(Machine.X86_64) | OpenFlags.noFollow(Machine.X86_64)));
        asm.call(
                Syscall.OPENAT2,
                fd,
                path,
                asm.bytes(longs(OpenFlags.O_NONBLOCK, 0, OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS)),
                value(24));
        asm.call(Syscall.MKNODAT, fd, path, value(FileMode.S_IFCHR | 0666), value(1 << 8 | 3));
        asm.call(Syscall.MKNODAT, fd, path, value(FileMode.S_IFREG | 0755), value(0));
        asm.call(Syscall.UNLINKAT, fd, path, value(0x200));
        asm.call(Syscall.FACCESSAT, fd, path, value(1));
        asm.call(Syscall.STATX, fd, path, value(0x1000), value(Statx.STATX_BASIC_STATS), asm.space(256));
        asm.call(Syscall.FCNTL, fd, value(FileControl.F_ADD_SEALS), value(9));
        asm.call(Syscall.UMASK, value(022));
        assertLines(
                "openat(AT_FDCWD, \"/a\", O_RDONLY)",
                "openat(AT_FDCWD, \"/a\", O_WRONLY|O_CREAT, 0644)",
                "openat(fd, \"/a\", O_DIRECTORY|O_NOFOLLOW|O_PATH)",
                "openat2(fd, \"/a\", {flags=O_RDONLY|O_NONBLOCK,"
                        + " resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}, size=24)",
                "mknodat(fd, \"/a\", S_IFCHR|0666, makedev(1, 3))",
                "mknodat(fd, \"/a\", S_IFREG|0755, 0)",
                "unlinkat(fd, \"/a\", AT_REMOVEDIR)",
                "faccessat(fd, \"/a\", X_OK)",
                "statx(fd, \"/a\", AT_EMPTY_PATH, STATX_BASIC_STATS, [buffer 1])",
                "fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL|F_SEAL_WRITE)",
                "umask(022)");
    }

    @Test
    void theFlagsOfOpenAreThoseOfTheMachine() {
        asm.call(Syscall.OPENAT, value(3), asm.string("a"), value(OpenFlags.directory(Machine.AARCH64)));
        asm.end();
        assertEquals(
                "openat(3, \"a\", O_RDONLY|O_DIRECTORY)",
                new Listing(asm.assemble(), Machine.AARCH64, TAGS::get).line(0));
    }

    @Test
    void flagsOfMountsAreNamed() {
        Register fd = asm.register("fd");
        asm.call(
                Syscall.MOUNT,
                value(0),
                asm.string("/"),
                value(0),
                value(MountFlags.MS_SLAVE | MountFlags.MS_REC),
                value(0));
        asm.call(Syscall.FSMOUNT, fd, value(1), value(MountFlags.MOUNT_ATTR_NOSUID | MountFlags.MOUNT_ATTR_NOATIME));
        asm.call(
                Syscall.MOUNT_SETATTR,
                fd,
                asm.string(""),
                value(OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_RECURSIVE),
                asm.bytes(longs(MountFlags.MOUNT_ATTR_RDONLY, MountFlags.MOUNT_ATTR__ATIME, 0, 0)),
                value(32));
        asm.call(Syscall.FSCONFIG, fd, value(MountFlags.FSCONFIG_SET_FLAG), asm.string("ro"), value(0), value(0));
        asm.call(Syscall.FSCONFIG, fd, value(MountFlags.FSCONFIG_CMD_CREATE), value(0), value(0), value(0));
        asm.call(Syscall.UMOUNT2, asm.string("."), value(MountFlags.MNT_DETACH));
        assertLines(
                "mount(NULL, \"/\", NULL, MS_REC|MS_SLAVE, NULL)",
                "fsmount(fd, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID|MOUNT_ATTR_NOATIME)",
                "mount_setattr(fd, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                        + " {attr_set=MOUNT_ATTR_RDONLY, attr_clr=MOUNT_ATTR__ATIME}, size=32)",
                "fsconfig(fd, FSCONFIG_SET_FLAG, \"ro\")",
                "fsconfig(fd, FSCONFIG_CMD_CREATE)",
                "umount2(\".\", MNT_DETACH)");
    }

    @Test
    void aStructureShowsTheRegistersThatAreStoredInIt() {
        Register cgroup = asm.register("cgroup");
        Address arguments = asm.bytes(longs(CloneFlags.CLONE_NEWNS, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0));
        asm.store(Width.LONG, arguments.plus(80), cgroup);
        asm.call(Syscall.CLONE3, arguments, value(88));
        assertLines(
                "u64 at [buffer 1+80] = cgroup",
                "clone3({flags=CLONE_NEWNS, exit_signal=SIGCHLD, cgroup=cgroup}, size=88)");
    }

    @Test
    void aPathShowsTheRegisterWhoseNumberIsFormattedIntoIt() {
        Register directory = asm.register("directory");
        Register digits = asm.register("digits");
        byte[] template = new byte[2 + 14 + 32];
        template[0] = (byte) SocketFlags.AF_UNIX;
        System.arraycopy("/proc/self/fd/".getBytes(StandardCharsets.US_ASCII), 0, template, 2, 14);
        Address address = asm.bytes(template);
        asm.format(address.plus(16), directory, digits);
        asm.store(Width.LONG, address.plus(16), digits, value(0x6b636f732e612fL));
        asm.call(Syscall.BIND, value(3), address, value(48));
        asm.call(Syscall.CHDIR, address.plus(2));
        assertEquals(
                List.of(
                        "bind(3, {sun_family=AF_UNIX, sun_path=\"/proc/self/fd/<directory>/a.sock\"}, addrlen=48)",
                        "chdir(\"/proc/self/fd/<directory>/a.sock\")"),
                lines().subList(2, 4));
    }

    @Test
    void tablesAreShownWithTheirStrings() {
        Address home = asm.space(16);
        Address environment = asm.pointers(List.of(asm.string("A=b"), home));
        asm.call(Syscall.EXECVE, asm.string("/bin/sh"), asm.strings(List.of("sh", "-c", "exit 3")), environment);
        assertLines("execve(\"/bin/sh\", [\"sh\", \"-c\", \"exit 3\"], [\"A=b\", [buffer 1]])");
    }

    @Test
    void bytesToWriteAreQuotedIfTheyAreKnown() {
        Register length = asm.register("length");
        asm.call(Syscall.WRITE, value(2), asm.bytes("hi\n".getBytes(StandardCharsets.US_ASCII)), value(3));
        asm.call(Syscall.WRITE, value(2), asm.space(8), length);
        asm.call(Syscall.SETHOSTNAME, asm.string("box"), value(3));
        assertLines("write(2, \"hi\\n\", size=3)", "write(2, [buffer 1], length)", "sethostname(\"box\", size=3)");
    }

    @Test
    void processesAreShownWithSignalsLimitsAndSets() {
        Operand zero = value(0);
        asm.call(Syscall.KILL, value(7), value(9));
        asm.call(Syscall.PRLIMIT64, zero, value(7), asm.bytes(longs(1024, -1)), zero);
        asm.call(Syscall.RT_SIGPROCMASK, value(2), asm.space(8), zero, value(8));
        asm.call(
                Syscall.PPOLL,
                asm.bytes(ints(5, 1)),
                value(1),
                asm.bytes(longs(10, 5)),
                asm.bytes(longs(~2L)),
                value(8));
        assertLines(
                "kill(7, SIGKILL)",
                "prlimit64(0, RLIMIT_NOFILE, {rlim_cur=1024, rlim_max=RLIM_INFINITY}, NULL)",
                "rt_sigprocmask(SIG_SETMASK, [], NULL, size=8)",
                "ppoll({fd=5, events=POLLIN}, nfds=1, {tv_sec=10, tv_nsec=5}, ~[SIGINT], size=8)");
    }

    @Test
    void credentialsAreShownByName() {
        Operand zero = value(0);
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_PDEATHSIG), value(9), zero, zero, zero);
        asm.call(Syscall.PRCTL, value(Prctl.PR_CAPBSET_DROP), value(21), zero, zero, zero);
        asm.call(Syscall.PRCTL, value(Prctl.PR_CAP_AMBIENT), value(Prctl.PR_CAP_AMBIENT_RAISE), value(5), zero, zero);
        asm.call(Syscall.SETGROUPS, value(2), asm.bytes(ints(10, -2)));
        asm.call(
                Syscall.CAPSET,
                asm.bytes(ints(0x20080522, 0)),
                asm.bytes(ints(1 << 5, -1, 0, 1 << 7, (1 << 9) - 1, 0)));
        assertLines(
                "prctl(PR_SET_PDEATHSIG, SIGKILL)",
                "prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN)",
                "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL)",
                "setgroups(size=2, [10, 4294967294])",
                "capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0},"
                        + " {effective=[CAP_KILL, CAP_BPF], permitted=all, inheritable=[]})");
    }

    @ParameterizedTest
    @EnumSource(Syscall.class)
    void everySystemCallHasASignature(Syscall call) {
        Operand[] arguments = {value(1), value(1), value(1), value(1), value(1), value(1)};
        asm.call(call, arguments);
        assertEquals(1, lines().size());
    }

    @Test
    void unknownBitsAreShownInHexadecimal() {
        asm.call(Syscall.UNSHARE, value(CloneFlags.CLONE_NEWNS | 1L << 62));
        asm.call(Syscall.UNSHARE, value(0));
        assertLines("unshare(CLONE_NEWNS|0x4000000000000000)", "unshare(0)");
    }
}
