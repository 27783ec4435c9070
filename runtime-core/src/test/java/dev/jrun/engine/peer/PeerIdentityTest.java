// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.kernel.call.EffectiveUser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdentityTest {

    private static final String STATUS = """
            Name:\tUid:\\n
            Umask:\t0022
            Uid:\t1000\t1001\t1000\t1000
            Gid:\t50\t50\t50\t50
            FDSize:\t64
            Groups:\t4 27\s
            NStgid:\t123
            NSpid:\t123
            CapInh:\t0000000000000000
            CapPrm:\t0000000000080000
            CapEff:\t0000000000080000
            CapBnd:\t000001ffffffffff
            CapAmb:\t0000000000000000
            NoNewPrivs:\t0
            Seccomp:\t0
            Seccomp_filters:\t0
            """;

    private static PeerIdentity identity(String status) throws IOException {
        return new PeerIdentity(PeerIdentity.choose(status.getBytes(StandardCharsets.US_ASCII)), List.of(), "");
    }

    @Test
    void readsRights() throws Exception {
        PeerIdentity identity = identity(STATUS);
        assertEquals(1001, identity.uid());
        assertTrue(identity.mayTrace());
        assertFalse(identity.isFiltered());
        assertTrue(identity(STATUS.replace("Seccomp:\t0", "Seccomp:\t2")).isFiltered());
        assertFalse(identity(STATUS.replace("80000", "00000")).mayTrace());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1000\t1001",
                "Gid:\t50",
                "Groups:\t4",
                "Groups:\t4 27",
                "CapPrm:\t0",
                "CapEff:\t0",
                "CapBnd:\t0",
                "NoNewPrivs:\t0",
                "Seccomp:\t0"
            })
    void differsInEachRight(String line) throws Exception {
        String other = line.substring(0, line.length() - 1) + "1";
        String status = STATUS.replace(line, line.equals("1000\t1001") ? "1000\t1000" : other);
        assertNotEquals(STATUS, status);
        assertNotEquals(identity(STATUS), identity(status));
    }

    @Test
    void doesNotDifferInWhatIsNoRight() throws Exception {
        assertEquals(identity(STATUS), identity(STATUS.replace("Umask:\t0022", "Umask:\t0077")));
    }

    @Test
    void itsGroupMayBeAmongItsSupplementaryOnes() throws Exception {
        assertEquals(identity(STATUS), identity(STATUS.replace("4 27", "4 27 50")));
        assertEquals(identity(STATUS.replace("4 27 ", " ")), identity(STATUS.replace("4 27", "50")));
        String mixed = STATUS.replace("Gid:\t50", "Gid:\t51");
        assertNotEquals(identity(mixed), identity(mixed.replace("4 27", "4 27 50")));
    }

    @Test
    void moreGroupsThanAreReadAreNotTrusted() {
        String start = STATUS.replace("4 27", "100000 ".repeat(2000)).substring(0, 8192);
        assertThrows(IOException.class, () -> identity(start));
    }

    @Test
    void aStatusWithoutOneOfTheLinesIsNotTrusted() {
        assertThrows(IOException.class, () -> identity(STATUS.replace("CapBnd:", "CapBad:")));
        assertThrows(IOException.class, () -> identity(""));
    }

    @Test
    void itsPidIsNoRightAndOnePidIsAllThatIsTrusted() throws Exception {
        assertEquals(identity(STATUS), identity(STATUS.replace("NSpid:\t123", "NSpid:\t7")));
        assertThrows(IOException.class, () -> identity(STATUS.replace("NSpid:\t123", "NSpid:\t123\t7")));
    }

    @Test
    void differsInTheTimeNamespace() throws Exception {
        Process process = new ProcessBuilder("unshare", "--time", "--fork", "sh", "-c", "echo ready; exec cat").start();
        try {
            assumeTrue("ready".equals(process.inputReader().readLine()), "time namespaces cannot be made here");
            int pid =
                    Math.toIntExact(process.children().findFirst().orElseThrow().pid());
            PeerIdentity other = PeerIdentity.of(pid);
            PeerIdentity own = PeerIdentity.own();
            assertEquals(own.status(), other.status());
            assertNotEquals(own.namespaces(), other.namespaces());
        } finally {
            process.getOutputStream().close();
            process.waitFor();
        }
    }

    @Test
    void aProcessIsItsOwnEqual() throws Exception {
        int pid = (int) ProcessHandle.current().pid();
        assertEquals(PeerIdentity.own(), PeerIdentity.of(pid));
        assertTrue(PeerIdentity.own().isOf(pid));
    }

    @Test
    void differsInNamespacesAndRoot() throws Exception {
        PeerIdentity own = PeerIdentity.own();
        for (int i = 0; i < own.namespaces().size(); i++) {
            var places = new ArrayList<>(own.namespaces());
            places.set(i, "another");
            var other = new PeerIdentity(own.status(), places, own.label());
            assertFalse(other.isOf((int) ProcessHandle.current().pid()));
        }
    }

    /** Of a process whose root directory is on a file system that has no server: whoever looks at it waits for ever. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void waitsForNobodyWhoIsNotItsEqual() throws Exception {
        assumeTrue(EffectiveUser.uid() == 0, "to mount takes root");
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
        Process process = new ProcessBuilder("unshare", "--mount", "sh", "-c", """
                mount -t tmpfs none /mnt && mkdir /mnt/root && exec 9<>/dev/fuse &&
                mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 none /mnt/root && echo mounted &&
                pivot_root /mnt/root /mnt/root && echo ready && read end""").start();
        try {
            BufferedReader output = process.inputReader();
            assumeTrue("mounted".equals(output.readLine()), "a FUSE file system cannot be mounted here");
            assertEquals("ready", output.readLine());
            assertFalse(PeerIdentity.own().isOf(Math.toIntExact(process.pid())));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
