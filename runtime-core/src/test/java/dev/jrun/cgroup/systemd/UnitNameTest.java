// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitNameTest {

    /** As runc reads it, and as systemd lays slices out: {@code systemd-cgls} shows the same. */
    @ParameterizedTest
    @CsvSource({
        "system.slice:docker:1234, docker-1234.scope, system.slice/docker-1234.scope",
        "machine.slice:libpod:abc, libpod-abc.scope, machine.slice/libpod-abc.scope",
        "a-b-c.slice:p:n, p-n.scope, a.slice/a-b.slice/a-b-c.slice/p-n.scope",
        "kubepods-besteffort-pod1_2.slice:cri-containerd:x, cri-containerd-x.scope,"
                + " kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1_2.slice/cri-containerd-x.scope",
        ":p:n, p-n.scope, system.slice/p-n.scope",
        "-.slice:p:n, p-n.scope, p-n.scope",
        ":p:a:b, , ",
        "system.slice::n, -n.scope, system.slice/-n.scope",
        "cpu.slice:p:n, p-n.scope, _cpu.slice/p-n.scope",
        "_x.slice:_p:n, _p-n.scope, __x.slice/__p-n.scope",
    })
    void aPathNamesAUnitAndItsCgroup(String path, String scope, String cgroup) throws CgroupException {
        if (scope == null) {
            assertThrows(CgroupException.class, () -> UnitName.of(Optional.of(path), "c", "system.slice"));
            return;
        }
        UnitName name = UnitName.of(Optional.of(path), "c", "system.slice");
        assertEquals(scope, name.scope());
        assertEquals(cgroup, name.cgroup());
    }

    /** An id may have a plus sign in it. */
    @ParameterizedTest
    @CsvSource({"web, jrun-web.scope", "a+b, jrun-a\\x2bb.scope", "a.b_c-d, jrun-a.b_c-d.scope"})
    void withoutAPathAUnitIsNamedAfterTheContainer(String id, String scope) throws CgroupException {
        assertEquals(scope, UnitName.of(Optional.empty(), id, "system.slice").scope());
        assertEquals(scope, UnitName.of(Optional.of(""), id, "system.slice").scope());
        assertEquals(
                "user.slice/" + scope,
                UnitName.of(Optional.empty(), id, "user.slice").cgroup());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a/b | slice:prefix:name",
                "web | slice:prefix:name",
                "a:b | slice:prefix:name",
                "a:b:c:d | slice:prefix:name",
                "a:b:c | does not end in .slice",
                ".slice:b:c | does not end in .slice",
                "-a.slice:b:c | a dash that does not stand between two names",
                "a--b.slice:b:c | a dash that does not stand between two names",
                "a-.slice:b:c | a dash that does not stand between two names",
                "a/b.slice:b:c | '/'",
                "a.slice:b:c d | ' '",
                "a.slice:b:é | 'é'",
                "a.slice:b:c.slice | a container's unit is a scope",
            })
    void whatIsNoUnitIsRefusedWithAReason(String path, String reason) {
        String said = UnitName.problem(path).orElseThrow().in("config.json");
        assertTrue(said.startsWith("config.json#/linux/cgroupsPath: "), said);
        assertTrue(said.contains(reason), said);
    }

    @Test
    void aNameIsNotLongerThanSystemdTakesIt() {
        assertTrue(UnitName.problem(":p:" + "x".repeat(247)).isEmpty());
        String said = UnitName.problem(":p:" + "x".repeat(248)).orElseThrow().message();
        assertTrue(said.contains("256 characters; allowed: 255"), said);
    }
}
