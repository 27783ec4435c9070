// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.Ioprio;
import dev.jrun.kernel.Keyctl;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Persona;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.Terminal;
import dev.jrun.kernel.WaitFlags;
import dev.jrun.kernel.call.NamespaceFile;
import dev.jrun.program.Instruction;
import dev.jrun.program.Operand;
import dev.jrun.program.listing.Signature.Kind;
import dev.jrun.program.listing.Signature.Kind.Choice;
import dev.jrun.program.listing.Signature.Kind.Flags;
import dev.jrun.program.listing.Signature.Kind.Plain;
import dev.jrun.program.listing.Signature.Parameter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The signatures of all system calls of {@link Syscall}, from section 2 of the manual. */
final class Signatures {

    private static final Parameter FD = p("fd", Plain.DESCRIPTOR);
    private static final Parameter DIRECTORY = p("dirfd", Plain.DESCRIPTOR);
    private static final Parameter PATH = p("pathname", Plain.STRING);
    private static final Parameter SIZE = p("size", Plain.NUMBER);
    private static final Parameter MODE = p("mode", Plain.OCTAL);
    private static final Parameter AT_FLAGS = p("flags", new Flags(FlagSets.AT));

    private final FlagNames openFlags;
    private final Map<Syscall, Signature> signatures = new EnumMap<>(Syscall.class);

    Signatures(Machine machine) {
        this.openFlags = FlagNames.none()
                .with(OpenFlags.class, "O_")
                .with("O_DIRECTORY", OpenFlags.directory(machine))
                .with("O_NOFOLLOW", OpenFlags.noFollow(machine));
        addFiles();
        addPaths();
        addSockets();
        addProcesses();
        addCredentials();
        addMounts();
    }

    /** Names of the flags of open(2), other than its access modes. */
    FlagNames openFlags() {
        return openFlags;
    }

    /** The signature of {@code call}, whose first arguments can decide what the others are. */
    Signature of(Instruction.SystemCall call) {
        return switch (call.call()) {
            case PRCTL -> prctl(argument(call, 0), argument(call, 1));
            case FCNTL -> fcntl(argument(call, 1));
            case KEYCTL -> keyctl(argument(call, 0));
            case FSCONFIG -> fsconfig(argument(call, 1));
            case IOCTL -> ioctl(argument(call, 1));
            default -> signatures.get(call.call());
        };
    }

    private static long argument(Instruction.SystemCall call, int index) {
        return index < call.arguments().size() && call.arguments().get(index) instanceof Operand.Constant(long value)
                ? value
                : -1;
    }

    private void addFiles() {
        Parameter offset = p("offset", Plain.NUMBER);
        add(Syscall.READ, FD, p("buf", Plain.PLACE), SIZE);
        add(Syscall.WRITE, FD, p("buf", Plain.BYTES), SIZE);
        add(Syscall.CLOSE, FD);
        add(
                Syscall.CLOSE_RANGE,
                p("first", Plain.DESCRIPTOR),
                p("last", Plain.HEX),
                flags(FileControl.class, "CLOSE_"));
        add(Syscall.LSEEK, FD, offset, p("whence", Plain.NUMBER));
        add(Syscall.DUP3, FD, p("newfd", Plain.DESCRIPTOR), p("flags", Plain.OPEN_FLAGS));
        add(Syscall.PIPE2, p("pipefd", Plain.PLACE), p("flags", Plain.OPEN_FLAGS));
        add(Syscall.EVENTFD2, p("initval", Plain.NUMBER), p("flags", Plain.HEX));
        add(Syscall.TIMERFD_CREATE, p("clockid", Plain.NUMBER), p("flags", Plain.HEX));
        add(Syscall.TIMERFD_SETTIME, FD, p("flags", Plain.HEX), p("new", Structures.ITIMERSPEC), p("old", Plain.PLACE));
        add(Syscall.FCHMOD, FD, MODE);
        add(Syscall.FCHOWN, FD, p("owner", Plain.ID), p("group", Plain.ID));
        add(Syscall.SENDFILE, p("out", Plain.DESCRIPTOR), p("in", Plain.DESCRIPTOR), p("offset", Plain.PLACE), SIZE);
        add(Syscall.GETDENTS64, FD, p("dirp", Plain.PLACE), SIZE);
        add(Syscall.MEMFD_CREATE, p("name", Plain.STRING), flags(FileControl.class, "MFD_"));
        add(Syscall.FSTATFS, FD, p("buf", Plain.PLACE));
        add(
                Syscall.PPOLL,
                p("fds", Structures.POLL),
                p("nfds", Plain.NUMBER),
                p("timeout", Structures.TIMESPEC),
                p("sigmask", Plain.SIGNAL_SET),
                SIZE);
    }

    private void addPaths() {
        Parameter target = p("target", Plain.STRING);
        add(Syscall.OPENAT, DIRECTORY, PATH, p("flags", Plain.OPEN_FLAGS), MODE);
        add(Syscall.OPENAT2, DIRECTORY, PATH, p("how", Structures.OPEN_HOW), SIZE);
        add(Syscall.MKDIRAT, DIRECTORY, PATH, MODE);
        add(Syscall.MKNODAT, DIRECTORY, PATH, p("mode", Plain.FILE_MODE), p("dev", Plain.DEVICE));
        add(Syscall.SYMLINKAT, target, DIRECTORY, p("linkpath", Plain.STRING));
        add(
                Syscall.RENAMEAT2,
                p("olddirfd", Plain.DESCRIPTOR),
                p("oldpath", Plain.STRING),
                p("newdirfd", Plain.DESCRIPTOR),
                p("newpath", Plain.STRING),
                p("flags", Plain.HEX));
        add(
                Syscall.UNLINKAT,
                DIRECTORY,
                PATH,
                p("flags", new Flags(FlagNames.none().with("AT_REMOVEDIR", OpenFlags.AT_REMOVEDIR))));
        add(Syscall.READLINKAT, DIRECTORY, PATH, p("buf", Plain.PLACE), SIZE);
        add(Syscall.FCHOWNAT, DIRECTORY, PATH, p("owner", Plain.ID), p("group", Plain.ID), AT_FLAGS);
        add(Syscall.FCHMODAT, DIRECTORY, PATH, MODE);
        add(Syscall.UTIMENSAT, DIRECTORY, PATH, p("times", Plain.PLACE), AT_FLAGS);
        Parameter access = p(
                "mode",
                new Flags(FlagNames.none().with("X_OK", 1).with("W_OK", 2).with("R_OK", 4)));
        add(Syscall.FACCESSAT, DIRECTORY, PATH, access);
        add(
                Syscall.FACCESSAT2,
                DIRECTORY,
                PATH,
                access,
                p("flags", new Flags(FlagSets.AT.with("AT_EACCESS", OpenFlags.AT_EACCESS))));
        add(
                Syscall.STATX,
                DIRECTORY,
                PATH,
                AT_FLAGS,
                p("mask", new Choice(FlagNames.none().with("STATX_BASIC_STATS", 0x7ff))),
                p("statxbuf", Plain.PLACE));
        add(Syscall.STATFS, PATH, p("buf", Plain.PLACE));
        add(Syscall.GETCWD, p("buf", Plain.PLACE), SIZE);
        add(Syscall.CHDIR, PATH);
        add(Syscall.FCHDIR, FD);
        add(Syscall.CHROOT, PATH);
        add(Syscall.PIVOT_ROOT, p("new_root", Plain.STRING), p("put_old", Plain.STRING));
        add(Syscall.UMASK, MODE);
    }

    private void addSockets() {
        Parameter type = flags(SocketFlags.class, "SOCK_");
        Parameter family = p("domain", new Choice(FlagSets.FAMILY));
        Parameter protocol = p("protocol", Plain.NUMBER);
        Parameter address = p("addr", Structures.SOCKET_ADDRESS);
        Parameter length = p("addrlen", Plain.NUMBER);
        Parameter flags = p("flags", new Flags(FlagSets.MESSAGE));
        add(Syscall.SOCKET, family, type, protocol);
        add(Syscall.SOCKETPAIR, family, type, protocol, p("sv", Plain.PLACE));
        add(Syscall.CONNECT, FD, address, length);
        add(Syscall.BIND, FD, address, length);
        add(Syscall.LISTEN, FD, p("backlog", Plain.NUMBER));
        add(Syscall.ACCEPT4, FD, p("addr", Plain.PLACE), p("addrlen", Plain.PLACE), type);
        add(Syscall.SENDTO, FD, p("buf", Plain.BYTES), SIZE, flags, address, length);
        add(
                Syscall.RECVFROM,
                FD,
                p("buf", Plain.PLACE),
                SIZE,
                flags,
                p("src_addr", Plain.PLACE),
                p("addrlen", Plain.PLACE));
        add(
                Syscall.SETSOCKOPT,
                FD,
                p("level", new Choice(FlagNames.none().with(SocketFlags.class, "SOL_"))),
                p("optname", new Choice(FlagNames.none().with(SocketFlags.class, "SO_"))),
                p("optval", Plain.BYTES),
                p("optlen", Plain.NUMBER));
        add(
                Syscall.GETSOCKOPT,
                FD,
                p("level", new Choice(FlagNames.none().with(SocketFlags.class, "SOL_"))),
                p("optname", new Choice(FlagNames.none().with(SocketFlags.class, "SO_"))),
                p("optval", Plain.PLACE),
                p("optlen", Plain.PLACE));
        add(Syscall.SENDMSG, FD, p("msg", Plain.PLACE), flags);
        add(Syscall.RECVMSG, FD, p("msg", Plain.PLACE), flags);
        add(Syscall.SHUTDOWN, FD, p("how", Plain.NUMBER));
    }

    private void addProcesses() {
        Parameter pid = p("pid", Plain.ID);
        Parameter signal = p("sig", Plain.SIGNAL);
        Parameter argv = p("argv", Plain.STRINGS);
        Parameter envp = p("envp", Plain.STRINGS);
        Parameter status = p("wstatus", Plain.PLACE);
        add(
                Syscall.CLONE,
                p("flags", new Flags(FlagSets.CLONE.with("SIGCHLD", 17))),
                p("stack", Plain.PLACE),
                p("parent_tid", Plain.PLACE),
                p("child_tid", Plain.PLACE),
                p("tls", Plain.PLACE));
        add(Syscall.CLONE3, p("cl_args", Structures.CLONE_ARGS), SIZE);
        add(Syscall.UNSHARE, p("flags", new Flags(FlagSets.CLONE)));
        add(Syscall.SETNS, FD, p("nstype", new Flags(FlagSets.CLONE)));
        add(Syscall.EXECVE, PATH, argv, envp);
        add(Syscall.EXECVEAT, DIRECTORY, PATH, argv, envp, AT_FLAGS);
        add(Syscall.WAIT4, pid, status, p("options", new Flags(FlagSets.WAIT)), p("rusage", Plain.PLACE));
        add(
                Syscall.WAITID,
                p(
                        "idtype",
                        new Choice(FlagNames.none()
                                .with("P_ALL", 0)
                                .with("P_PID", WaitFlags.P_PID)
                                .with("P_PGID", 2)
                                .with("P_PIDFD", 3))),
                p("id", Plain.ID),
                p("infop", Plain.PLACE),
                p("options", new Flags(FlagSets.WAIT)),
                p("rusage", Plain.PLACE));
        add(Syscall.KILL, pid, signal);
        add(Syscall.PIDFD_OPEN, pid, p("flags", Plain.HEX));
        add(Syscall.PIDFD_GETFD, p("pidfd", Plain.DESCRIPTOR), p("targetfd", Plain.NUMBER), p("flags", Plain.HEX));
        add(Syscall.PIDFD_SEND_SIGNAL, FD, signal, p("info", Plain.PLACE), p("flags", Plain.HEX));
        add(Syscall.RT_SIGACTION, signal, p("act", Plain.PLACE), p("oldact", Plain.PLACE), SIZE);
        add(
                Syscall.RT_SIGPROCMASK,
                p(
                        "how",
                        new Choice(FlagNames.none()
                                .with("SIG_BLOCK", 0)
                                .with("SIG_UNBLOCK", 1)
                                .with("SIG_SETMASK", 2))),
                p("set", Plain.SIGNAL_SET),
                p("oldset", Plain.PLACE),
                SIZE);
        add(Syscall.SIGNALFD4, FD, p("mask", Plain.SIGNAL_SET), SIZE, p("flags", Plain.OPEN_FLAGS));
        add(Syscall.GETPID);
        add(Syscall.GETPPID);
        add(Syscall.SETSID);
        add(
                Syscall.PRLIMIT64,
                pid,
                p("resource", Plain.RESOURCE),
                p("new_limit", Structures.RLIMIT),
                p("old_limit", Plain.PLACE));
        add(Syscall.PERSONALITY, p("persona", new Choice(FlagNames.none().with(Persona.class, "PER_"))));
        add(
                Syscall.IOPRIO_SET,
                p("which", new Choice(FlagNames.none().with(Ioprio.class, "IOPRIO_WHO_"))),
                p("who", Plain.ID),
                p("ioprio", Plain.HEX));
        add(Syscall.SCHED_SETATTR, pid, p("attr", Structures.SCHED_ATTR), p("flags", Plain.HEX));
        add(Syscall.SCHED_SETAFFINITY, pid, p("cpusetsize", Plain.NUMBER), p("mask", Plain.PLACE));
        add(Syscall.SCHED_GETAFFINITY, pid, p("cpusetsize", Plain.NUMBER), p("mask", Plain.PLACE));
        add(Syscall.GETCPU, p("cpu", Plain.PLACE), p("node", Plain.PLACE), p("tcache", Plain.PLACE));
        add(
                Syscall.SET_MEMPOLICY,
                p("mode", Plain.MEMORY_POLICY),
                p("nodemask", Plain.PLACE),
                p("maxnode", Plain.NUMBER));
        add(Syscall.SECCOMP, p("operation", Plain.NUMBER), p("flags", Plain.HEX), p("args", Plain.PLACE));
        add(
                Syscall.OPEN_BY_HANDLE_AT,
                p("mount_fd", Plain.DESCRIPTOR),
                p("handle", Plain.PLACE),
                p("flags", Plain.OPEN_FLAGS));
        add(Syscall.BPF, p("cmd", Plain.NUMBER), p("attr", Plain.PLACE), SIZE);
    }

    private void addCredentials() {
        Parameter uid = p("uid", Plain.ID);
        Parameter gid = p("gid", Plain.ID);
        add(Syscall.GETUID);
        add(Syscall.GETGID);
        add(Syscall.SETRESUID, p("ruid", Plain.ID), p("euid", Plain.ID), p("suid", Plain.ID));
        add(Syscall.SETRESGID, p("rgid", Plain.ID), p("egid", Plain.ID), p("sgid", Plain.ID));
        add(Syscall.SETGROUPS, p("size", Plain.NUMBER), p("list", Plain.NUMBERS));
        add(Syscall.CAPGET, p("hdrp", Structures.CAPABILITY_HEADER), p("datap", Plain.PLACE));
        add(Syscall.CAPSET, p("hdrp", Structures.CAPABILITY_HEADER), p("datap", Plain.CAPABILITY_SETS));
        add(Syscall.SETHOSTNAME, p("name", Plain.BYTES), SIZE);
        add(Syscall.SETDOMAINNAME, p("name", Plain.BYTES), SIZE);
    }

    private void addMounts() {
        Parameter attributes = p("attr_flags", new Flags(FlagSets.ATTRIBUTES));
        add(
                Syscall.MOUNT,
                p("source", Plain.STRING),
                p("target", Plain.STRING),
                p("filesystemtype", Plain.STRING),
                p("mountflags", new Flags(FlagSets.MOUNT)),
                p("data", Plain.STRING));
        add(
                Syscall.UMOUNT2,
                p("target", Plain.STRING),
                p(
                        "flags",
                        new Flags(
                                FlagNames.none().with(MountFlags.class, "MNT_").with(MountFlags.class, "UMOUNT_"))));
        add(
                Syscall.OPEN_TREE,
                DIRECTORY,
                PATH,
                p("flags", new Flags(FlagSets.AT.with(MountFlags.class, "OPEN_TREE_"))));
        add(
                Syscall.MOVE_MOUNT,
                p("from_dirfd", Plain.DESCRIPTOR),
                p("from_path", Plain.STRING),
                p("to_dirfd", Plain.DESCRIPTOR),
                p("to_path", Plain.STRING),
                flags(MountFlags.class, "MOVE_MOUNT_"));
        add(Syscall.FSOPEN, p("fsname", Plain.STRING), flags(MountFlags.class, "FSOPEN_"));
        add(Syscall.FSMOUNT, FD, flags(MountFlags.class, "FSMOUNT_"), attributes);
        add(Syscall.MOUNT_SETATTR, DIRECTORY, PATH, AT_FLAGS, p("attr", Structures.MOUNT_ATTR), SIZE);
    }

    private static Signature prctl(long option, long second) {
        Parameter name = p("option", new Choice(FlagSets.PRCTL));
        Parameter argument = p("arg2", Plain.ID);
        if (option == Prctl.PR_SET_PDEATHSIG) {
            return signature(name, p("sig", Plain.SIGNAL));
        }
        if (option == Prctl.PR_CAPBSET_DROP) {
            return signature(name, p("cap", Plain.CAPABILITY));
        }
        if (option == Prctl.PR_CAP_AMBIENT) {
            Parameter operation = p("arg2", new Choice(FlagSets.AMBIENT));
            return second == Prctl.PR_CAP_AMBIENT_CLEAR_ALL
                    ? signature(name, operation)
                    : signature(name, operation, p("cap", Plain.CAPABILITY));
        }
        return signature(name, argument);
    }

    private static Signature fcntl(long command) {
        Parameter name = p("cmd", new Choice(FlagSets.FCNTL));
        if (command == FileControl.F_ADD_SEALS) {
            return signature(FD, name, p("seals", new Flags(FlagSets.SEALS)));
        }
        if (command == FileControl.F_GET_SEALS) {
            return signature(FD, name);
        }
        return signature(FD, name, p("arg", Plain.ID));
    }

    private static Signature keyctl(long operation) {
        Parameter name = p("operation", new Choice(FlagNames.none().with(Keyctl.class, "KEYCTL_")));
        if (operation == Keyctl.KEYCTL_JOIN_SESSION_KEYRING) {
            return signature(name, p("name", Plain.STRING));
        }
        if (operation == Keyctl.KEYCTL_SETPERM) {
            return signature(name, p("keyring", Plain.ID), p("perm", Plain.HEX));
        }
        return signature(name, p("keyring", Plain.ID), p("buffer", Plain.PLACE), SIZE);
    }

    private static Signature fsconfig(long command) {
        Parameter name = p("cmd", new Choice(FlagNames.none().with(MountFlags.class, "FSCONFIG_")));
        Parameter key = p("key", Plain.STRING);
        if (command == MountFlags.FSCONFIG_CMD_CREATE) {
            return signature(FD, name);
        }
        if (command == MountFlags.FSCONFIG_SET_FLAG) {
            return signature(FD, name, key);
        }
        return signature(FD, name, key, p("value", Plain.STRING));
    }

    private static Signature ioctl(long request) {
        Parameter name = p(
                "request",
                new Choice(FlagNames.none()
                        .with(SocketFlags.class, "SIOC")
                        .with(NamespaceFile.class, "NS_")
                        .with(Terminal.class, "TC")
                        .with(Terminal.class, "TIOC")));
        if (request == NamespaceFile.NS_GET_NSTYPE) {
            return signature(FD, name);
        }
        if (request == Terminal.TIOCGPTPEER) {
            return signature(FD, name, p("flags", Plain.OPEN_FLAGS));
        }
        if (request == Terminal.TIOCSCTTY) {
            return signature(FD, name, p("arg", Plain.NUMBER));
        }
        if (request == Terminal.TIOCSWINSZ) {
            return signature(FD, name, p("argp", Structures.WINDOW_SIZE));
        }
        boolean isInterface = request == SocketFlags.SIOCGIFFLAGS || request == SocketFlags.SIOCSIFFLAGS;
        return signature(FD, name, p("argp", isInterface ? Structures.INTERFACE : Plain.PLACE));
    }

    private void add(Syscall call, Parameter... parameters) {
        signatures.put(call, signature(parameters));
    }

    private static Signature signature(Parameter... parameters) {
        return new Signature(List.of(parameters));
    }

    private static Parameter p(String name, Kind kind) {
        return new Parameter(name, kind);
    }

    private static Parameter flags(Class<?> holder, String prefix) {
        return p("flags", new Flags(FlagNames.none().with(holder, prefix)));
    }
}
