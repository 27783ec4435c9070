// SPDX-License-Identifier: Apache-2.0
package dev.jrun;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the packages of runtime-core to the order that {@code docs/architecture.md} gives them. */
class PackageDependenciesTest {
    /** What each package may import of the others; only a package that stands above it. */
    private static final Map<String, List<String>> MAY_IMPORT = Map.of(
            "kernel", List.of(),
            "json", List.of(),
            "spec", List.of("kernel", "json"),
            "program", List.of("kernel"),
            "seccomp", List.of("kernel", "spec", "program"),
            "cgroup", List.of("kernel", "json", "spec"),
            "launch", List.of("kernel", "json", "spec", "program", "seccomp", "cgroup"),
            "container", List.of("kernel", "json", "spec", "program", "seccomp", "cgroup", "launch"),
            "engine", List.of("kernel", "json", "spec", "program", "seccomp", "cgroup", "launch", "container"),
            "embedding",
                    List.of("kernel", "json", "spec", "program", "seccomp", "cgroup", "launch", "container", "engine"));

    /** The packages that have rooms, with these: each may import of the same package only those before it. */
    private static final List<String> ROOMS = List.of(
            "kernel",
            "kernel.call",
            "spec",
            "spec.reading",
            "program",
            "program.listing",
            "cgroup",
            "cgroup.resctrl",
            "cgroup.device",
            "cgroup.writing",
            "cgroup.statistics",
            "cgroup.controller",
            "cgroup.systemd",
            "cgroup.driver",
            "launch.part",
            "launch.child",
            "launch.rootfs",
            "launch.process",
            "launch.namespace",
            "launch.hook",
            "launch.netdev",
            "launch.notify",
            "launch.terminal",
            "launch",
            "launch.create",
            "launch.exec",
            "launch.watch",
            "container.lifecycle",
            "container.limits",
            "container.state",
            "container.check",
            "container.conversation",
            "container.launch",
            "container.exec",
            "container.update",
            "container",
            "engine.peer",
            "engine.company",
            "engine",
            "embedding.shim",
            "embedding");

    /** More classes than that nobody finds their way in. */
    private static final int MOST_CLASSES = 32;

    private static final JavaClasses CORE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.jrun");

    static Stream<Entry<String, List<String>>> packages() {
        return MAY_IMPORT.entrySet().stream();
    }

    @Test
    void classesWereFound() {
        assertFalse(CORE.isEmpty());
    }

    @Test
    void everyClassIsInAKnownPackage() {
        classes()
                .should()
                .resideInAnyPackage(
                        MAY_IMPORT.keySet().stream().map(name -> subtree(name)).toArray(String[]::new))
                .check(CORE);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageImportsOnlyThoseAboveIt(Entry<String, List<String>> entry) {
        var others = MAY_IMPORT.keySet().stream()
                .filter(name -> !name.equals(entry.getKey()))
                .filter(name -> !entry.getValue().contains(name))
                .map(name -> subtree(name))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(subtree(entry.getKey()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(CORE);
    }

    static Stream<String> rooms() {
        return ROOMS.stream();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomImportsOnlyThoseBeforeIt(String room) {
        var later = ROOMS.stream()
                .skip(ROOMS.indexOf(room) + 1L)
                .filter(other -> top(other).equals(top(room)))
                .map(other -> "dev.jrun." + other)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.jrun." + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(later)
                .allowEmptyShould(true)
                .check(CORE);
    }

    /** Others ask a driver, a cgroup, and those who say how it is entered and seen. */
    @Test
    void onlyTheCgroupPackagesKnowOfDirectories() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.jrun.cgroup..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "dev\\.jrun\\.cgroup\\.(CgroupDirectories|CgroupFile|Hierarchy|CgroupHost|OwnDirectories\\$OwnDirectory)")
                .check(CORE);
    }

    @Test
    void everyRoomIsKnownAndNoneIsCrowded() {
        Map<String, Long> classes = CORE.stream()
                .filter(type -> type.isTopLevelClass())
                .filter(type -> !type.getPackageName().equals("dev.jrun.spec.fixtures"))
                .collect(groupingBy(
                        type -> type.getPackageName().substring("dev.jrun.".length()), TreeMap::new, counting()));
        classes.forEach((room, count) -> {
            assertTrue(ROOMS.contains(room) || MAY_IMPORT.containsKey(room), room + " has no place in the order");
            assertTrue(count <= MOST_CLASSES, room + " has " + count + " classes");
        });
    }

    private static String top(String room) {
        return room.contains(".") ? room.substring(0, room.indexOf('.')) : room;
    }

    /** What a document says is named as in the kernel's headers, but reading it asks the kernel nothing. */
    @Test
    void configurationsAreReadWithoutTheKernel() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.jrun.spec", "dev.jrun.spec.reading")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.jrun.kernel.call")
                .check(CORE);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.jrun.(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void theLibraryKnowsNeitherTheCommandLineNorALoggingBackEnd() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..", "dev.jrun.cli..")
                .check(CORE);
    }

    @Test
    void jsonIsReadAndWrittenInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.jrun.json..", "dev.jrun.spec.fixtures..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson..")
                .check(CORE);
    }

    private static String subtree(String name) {
        return "dev.jrun." + name + "..";
    }
}
