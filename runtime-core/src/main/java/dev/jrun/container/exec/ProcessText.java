// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.launch.DocumentReading;
import dev.jrun.program.Source;
import dev.jrun.spec.Problem;
import java.util.List;
import java.util.Optional;

/**
 * Words problems of a process for its caller. Elsewhere the parts of a process have their names in a configuration,
 * which the caller may not know.
 *
 * @param document the name of the document that describes the process; empty if it is the command line
 * @param cgroups which the command line names
 */
record ProcessText(Optional<String> document, SubCgroups cgroups) {

    private static final String PROCESS = "/process";
    private static final String CGROUP = "/linux/cgroupsPath";

    static ProcessText of(AskedProcess asked, SubCgroups cgroups) {
        return asked instanceof AskedProcess.Document(String name)
                ? new ProcessText(Optional.of(DocumentReading.inWords(name)), cgroups)
                : new ProcessText(Optional.empty(), cgroups);
    }

    /** A step that failed. */
    String step(Source step) {
        if (step.pointer().equals(CGROUP) && !cgroups.paths().isEmpty()) {
            return "--cgroup: " + step.intent();
        }
        if (!step.pointer().startsWith(PROCESS + "/")) {
            return step.toString();
        }
        return document.isPresent()
                ? document.get() + "#" + step.pointer().substring(PROCESS.length()) + ": " + step.intent()
                : step.intent();
    }

    /** What is wrong with a part of the process, by its pointer in a configuration. */
    String line(Problem problem) {
        if (!problem.pointer().startsWith(PROCESS + "/")) {
            return problem.in("config.json");
        }
        String pointer = problem.pointer().substring(PROCESS.length());
        if (document.isPresent()) {
            return at(problem, pointer).in(document.get());
        }
        return at(problem, "").in(option(pointer));
    }

    String lines(List<Problem> problems) {
        return Problem.lines(problems, this::line);
    }

    /** What is wrong with the document, by its pointer there. */
    String documentLine(Problem problem) {
        return problem.in(document.orElseThrow());
    }

    String documentLines(List<Problem> problems) {
        return Problem.lines(problems, this::documentLine);
    }

    private static Problem at(Problem problem, String pointer) {
        return new Problem(pointer, problem.found(), problem.message(), problem.suggestion());
    }

    private static String option(String pointer) {
        if (pointer.startsWith("/capabilities")) {
            return "--cap";
        }
        return switch (pointer) {
            case "/apparmorProfile" -> "--apparmor";
            case "/selinuxLabel" -> "--process-label";
            default -> "process" + pointer;
        };
    }
}
