// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.peer;

import dev.jrun.kernel.Capability;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.MountedDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The rights of a process and the world that it sees: what must be the same in the engine and in its caller, so that
 * neither can use the other to do what it may not do itself.
 *
 * @param status its user ids, groups, capabilities, seccomp mode and no_new_privs, as proc_pid_status(5) has them
 * @param namespaces what says which its time, mount, pid, user and cgroup namespaces are; and its root directory, and
 *     the mount which that is on
 * @param label of the security module, proc_pid_attr(5); empty if there is none
 */
public record PeerIdentity(String status, List<Object> namespaces, String label) {

    private static final String GIDS = "Gid:";
    private static final String GROUPS = "Groups:";
    private static final String PIDS = "NSpid:";

    /** Lines of /proc/PID/status, in the order in which the kernel writes them. */
    private static final byte[][] LINES = {
        line("Uid:"),
        line(GIDS),
        line(GROUPS),
        line(PIDS),
        line("CapPrm:"),
        line("CapEff:"),
        line("CapBnd:"),
        line("NoNewPrivs:"),
        line("Seccomp:")
    };

    /** Linux has it since 5.6. Where it is missing, nobody has one. */
    private static final String TIME = "ns/time";

    private static final String ROOT = "root";

    private static final String LABEL = "attr/current";

    /**
     * All but the first are what every process has until it ends: they show that it had not when that was looked at.
     * The last one is the only one that is not the kernel's own.
     */
    private static final String[] PLACES = {TIME, "ns/mnt", "ns/pid", "ns/user", "ns/cgroup", ROOT};

    /**
     * More than a status file has, but for that of a process with hundreds of groups: it has no equal. The shim's is
     * the same.
     */
    private static final int STATUS_SIZE = 8192;

    private static byte[] line(String key) {
        return key.getBytes(StandardCharsets.US_ASCII);
    }

    /** The identity of this process. */
    public static PeerIdentity own() throws IOException {
        return of("self");
    }

    /** The identity of a process that this process may look into (ptrace(2), "PTRACE_MODE_READ"). */
    static PeerIdentity of(int pid) throws IOException {
        return of(Integer.toString(pid));
    }

    private static PeerIdentity of(String pid) throws IOException {
        return of(pid, label("/proc/" + pid + "/" + LABEL));
    }

    /**
     * Whether a process that this process, whose identity this is, may look into has the same. Its root directory may
     * be on a file system that does not answer, as a container may make one: it is looked at only when all else is
     * known to be the same, its rights and its mount namespace among it. What comes before that, the kernel knows by
     * itself.
     */
    public boolean isOf(int pid) throws IOException {
        String directory = "/proc/" + pid + "/";
        return status.equals(choose(readStatus(directory))) && isLabelOf(directory) && arePlacesOf(directory);
    }

    /**
     * Where this process has no label no process has one: security modules are chosen at boot, and those that have
     * labels give each process one.
     */
    private boolean isLabelOf(String directory) throws IOException {
        return label.isEmpty() || label.equals(label(directory + LABEL));
    }

    private boolean arePlacesOf(String directory) throws IOException {
        for (int i = 0; i < PLACES.length; i++) {
            if (!namespaces.get(i).equals(key(directory, PLACES[i]))) {
                return false;
            }
        }
        return true;
    }

    private static PeerIdentity of(String pid, String label) throws IOException {
        String directory = "/proc/" + pid + "/";
        Object[] namespaces = new Object[PLACES.length];
        for (int i = 0; i < PLACES.length; i++) {
            namespaces[i] = key(directory, PLACES[i]);
        }
        return new PeerIdentity(choose(readStatus(directory)), Arrays.asList(namespaces), label);
    }

    private static Object key(String directory, String place) throws IOException {
        if (place.equals(ROOT)) {
            return MountedDirectory.at(Path.of(directory + ROOT)).word();
        }
        try {
            // By what the link says: to follow it, the kernel makes a file.
            return LinuxCalls.readLink(directory + place);
        } catch (LinuxException e) {
            if (e.is(Errno.ENOENT) && place.equals(TIME)) {
                return "none";
            }
            throw e;
        }
    }

    private static byte[] readStatus(String directory) throws IOException {
        byte[] status = LinuxCalls.read(directory + "status", STATUS_SIZE);
        if (status.length >= STATUS_SIZE) {
            throw new IOException("a status of more than " + STATUS_SIZE + " bytes");
        }
        return status;
    }

    /**
     * Without a security module that has labels the file cannot be read (EINVAL) or does not exist. Any other error is
     * none to take for that: an engine without a label asks nobody for one.
     */
    private static String label(String path) throws IOException {
        try {
            return new String(LinuxCalls.read(path), StandardCharsets.UTF_8);
        } catch (IOException e) {
            if (Files.notExists(Path.of(path)) || Failures.is(e, Errno.EINVAL)) {
                return "";
            }
            throw e;
        }
    }

    /**
     * The {@link #LINES} of a status file, without its group among its supplementary ones, and without its pid.
     *
     * @throws IOException also if the pids in this /proc are those of another pid namespace than the process's: the
     *     file tells its pid in that one and in each below it, down to its own
     */
    static String choose(byte[] status) throws IOException {
        var chosen = new StringBuilder(200);
        String gids = "";
        int start = 0;
        for (byte[] key : LINES) {
            while (!starts(status, start, key)) {
                int end = lineEnd(status, start);
                if (end == status.length) {
                    throw new IOException("no line " + new String(key, StandardCharsets.US_ASCII));
                }
                start = end + 1;
            }
            int end = lineEnd(status, start);
            String line = new String(status, start, end - start, StandardCharsets.US_ASCII);
            if (line.startsWith(GIDS)) {
                gids = line;
            } else if (line.startsWith(GROUPS)) {
                line = withoutItsGroup(line, gids);
            }
            if (line.startsWith(PIDS)) {
                checkIsOne(line);
            } else {
                chosen.append(line).append('\n');
            }
            start = Math.min(end + 1, status.length);
        }
        return chosen.toString();
    }

    private static void checkIsOne(String pids) throws IOException {
        if (pids.trim().indexOf('\t', PIDS.length() + 1) > 0) {
            throw new IOException("/proc has the pids of another pid namespace");
        }
    }

    /**
     * A process that has a group as all of its gids may have it among its supplementary groups or not, and may do the
     * same: after a login it is there, in a service it is not.
     */
    private static String withoutItsGroup(String groups, String gids) {
        String gid = gids.substring(gids.lastIndexOf('\t') + 1);
        if (!gids.equals(GIDS + ("\t" + gid).repeat(4))) {
            return groups;
        }
        var others = new StringBuilder(GROUPS);
        for (String group : groups.substring(GROUPS.length()).trim().split(" ")) {
            if (!group.isEmpty() && !group.equals(gid)) {
                others.append(' ').append(group);
            }
        }
        return others.toString();
    }

    private static boolean starts(byte[] text, int start, byte[] key) {
        return text.length - start >= key.length && Arrays.equals(text, start, start + key.length, key, 0, key.length);
    }

    private static int lineEnd(byte[] text, int start) {
        int end = start;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return end;
    }

    /** Whether its system calls are filtered: it could be made to do less, or other things, than it asks for. */
    public boolean isFiltered() {
        return !status.endsWith("Seccomp:\t0\n");
    }

    /** Whether it may look into processes that are not dumpable, capabilities(7). */
    public boolean mayTrace() {
        return (capabilities("CapEff:") & 1L << Capability.CAP_SYS_PTRACE.ordinal()) != 0;
    }

    /** The effective user id. */
    public int uid() {
        return Integer.parseInt(value("Uid:").split("\t")[1]);
    }

    private long capabilities(String key) {
        return Long.parseUnsignedLong(value(key), 16);
    }

    private String value(String key) {
        int start = status.indexOf(key) + key.length() + 1;
        return status.substring(start, status.indexOf('\n', start));
    }
}
