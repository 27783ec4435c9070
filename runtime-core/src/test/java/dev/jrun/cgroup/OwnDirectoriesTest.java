// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnDirectoriesTest {

    @TempDir
    Path temporary;

    /** In another mount or cgroup namespace, what has a container's path is something else, or nothing. */
    @Test
    void whatIsNotThereIsGoneOnlyWhereItWasMounted() throws Exception {
        Path mountPoint = Files.createDirectory(temporary.resolve("cgroup"));
        Path directory = Files.createDirectory(mountPoint.resolve("c"));
        // Of a hierarchy that is mounted nowhere, in which nobody can look for its number.
        CgroupDirectories paths =
                new CgroupDirectories(Optional.empty(), new TreeMap<>(Map.of("name=elsewhere", directory)));
        OwnDirectories own = OwnDirectories.of(List.of(directory), List.of(directory), _ -> MountRoot.at(mountPoint));
        assertEquals(paths, own.cgroup(paths).paths());

        Path elsewhere = Files.move(mountPoint, temporary.resolve("elsewhere"));
        assertCannotBeFoundOut(own, paths);
        Files.createDirectories(directory);
        assertCannotBeFoundOut(own, paths);

        Files.delete(directory);
        Files.move(elsewhere.resolve("c"), directory); // which has the same number, and is elsewhere
        assertCannotBeFoundOut(own, paths);

        Files.move(directory, elsewhere.resolve("c"));
        Files.delete(mountPoint);
        Files.move(elsewhere, mountPoint);
        assertEquals(paths, own.cgroup(paths).paths());
        Files.delete(directory);
        assertEquals(CgroupDirectories.NONE, own.cgroup(paths).paths());
    }

    private static void assertCannotBeFoundOut(OwnDirectories own, CgroupDirectories paths) {
        String message = assertThrows(
                        CgroupException.class, () -> own.cgroup(paths).paths())
                .getMessage();
        assertTrue(message.startsWith("cannot find out whether " + paths.all().getFirst() + " is there"), message);
    }
}
