// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds the command line to its packages, which nothing below imports. */
class PackageDependenciesTest {
    private static final int MOST_CLASSES = 32;
    private static final String GENERATED = "dev.jrun.cli.clients.cri";
    private static final String[] COMMANDS = {"dev.jrun.cli.command", "dev.jrun.cli.update", "dev.jrun.cli.usage"};
    private static final JavaClasses EVERYTHING =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.jrun");
    private static final JavaClasses TESTS =
            new ClassFileImporter().withImportOption(new OnlyIncludeTests()).importPackages("dev.jrun.cli");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.jrun.(**)").should().beFreeOfCycles().check(EVERYTHING);
    }

    @Test
    void onlyTheCommandLineUsesPicocliAndLogback() {
        classes()
                .that()
                .resideInAPackage("dev.jrun..")
                .and()
                .resideOutsideOfPackage("dev.jrun.cli..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("picocli..", "ch.qos.logback..")
                .check(EVERYTHING);
    }

    @Test
    void commandsDoNotKnowWhatFindsThemNorACallItsCommands() {
        noClasses()
                .that()
                .resideInAnyPackage(COMMANDS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.jrun.cli")
                .check(EVERYTHING);
        noClasses()
                .that()
                .resideInAPackage("dev.jrun.cli.call")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.jrun.cli")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(COMMANDS)
                .check(EVERYTHING);
    }

    @Test
    void noRoomIsCrowded() {
        assertNotCrowded(EVERYTHING);
        assertNotCrowded(TESTS);
    }

    private static void assertNotCrowded(JavaClasses types) {
        Map<String, Long> classes = types.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getPackageName().startsWith("dev.jrun.cli"))
                .filter(type -> !type.getPackageName().equals(GENERATED))
                .collect(groupingBy(JavaClass::getPackageName, counting()));
        classes.forEach((room, count) -> assertTrue(count <= MOST_CLASSES, room + " has " + count + " classes"));
    }

    @Test
    void roomsOfTestsAreFreeOfCycles() {
        slices().matching("dev.jrun.cli.(**)").should().beFreeOfCycles().check(TESTS);
    }

    @Test
    void whatTestsShareKnowsNoTest() {
        noClasses()
                .that()
                .resideInAPackage("dev.jrun.cli.testing..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*(IT|Tests?)(\\$.*)?")
                .check(TESTS);
    }

    /** Beside the classes that find commands, there is only what tests those from within. */
    @Test
    void eachIntegrationTestIsInTheRoomOfItsSubject() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("IT")
                .should()
                .resideInAnyPackage("dev.jrun.cli", "dev.jrun.cli.testing..")
                .check(TESTS);
    }

    @Test
    void onlyAConversationKnowsHowAProgramMayEnd() {
        noClasses()
                .that()
                .areNotAssignableTo(Session.class)
                .and()
                .areNotAssignableTo(Report.class)
                .and()
                .doNotBelongToAnyOf(Conversation.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Report.Failed.class, Report.Finished.class, Report.Ready.class)
                .orShould()
                .callMethod(Session.class, "await")
                .check(EVERYTHING);
    }

    @Test
    void nothingImportsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.jrun.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.jrun.cli..")
                .check(EVERYTHING);
    }
}
