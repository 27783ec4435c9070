// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.container.conversation.WarningWriter;
import dev.jrun.engine.LogAnnouncement;
import dev.jrun.engine.LogFile;
import dev.jrun.engine.OutputProgram;
import dev.jrun.json.Printable;
import dev.jrun.launch.Announcement;
import dev.jrun.launch.WarningProgram;
import dev.jrun.program.Program;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A call's messages besides its output. Without a log, all go to standard error, where a launch's warnings appear
 * before anything is done. A log gets the warnings of a call that succeeds, but only one error of a call that fails,
 * since Podman takes the whole log for one JSON object. The warnings, which often explain an error, are then on
 * standard error, beside it.
 */
public final class CallLog implements WarningWriter {

    private final GlobalOptions global;

    /** Said by the launch itself if it succeeds. */
    private final List<String> ofLaunch = new ArrayList<>();

    private final List<String> warnings = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    public CallLog(GlobalOptions global) {
        this.global = global;
    }

    private boolean hasFile() {
        return !global.log().isEmpty();
    }

    @Override
    public Optional<Program> before(List<String> lines) {
        if (!global.warns()) {
            return Optional.empty();
        }
        if (!hasFile()) {
            return WarningWriter.STANDARD_ERROR.before(lines);
        }
        ofLaunch.addAll(lines);
        return Optional.empty();
    }

    @Override
    public Announcement onSuccess(List<String> lines) {
        return global.warns() && hasFile() && !lines.isEmpty()
                ? new LogAnnouncement(new LogFile(global.log()), logged(lines))
                : Announcement.NONE;
    }

    private List<String> logged(List<String> lines) {
        List<String> logged = new ArrayList<>(lines.size());
        for (String line : lines) {
            logged.add(logged("warning", line));
        }
        return logged;
    }

    private String logged(String level, String message) {
        return global.logged(level, message, Instant.now());
    }

    @Override
    public Program afterwards(List<String> lines) {
        var output = new OutputProgram();
        if (global.warns()) {
            addTo(output, lines);
        }
        return output.interlude();
    }

    private void addTo(OutputProgram output, List<String> lines) {
        if (!hasFile()) {
            printWarnings(output, lines);
            return;
        }
        for (String line : logged(lines)) {
            output.log(global.log(), line);
        }
    }

    /** Adds what did not keep the call from being done. */
    void warn(String message) {
        if (global.warns()) {
            warnings.add(message);
        }
    }

    /** Adds what of the call could not be done, where there is more. */
    void error(String message) {
        errors.add(message);
    }

    /** Has the last program of a call that succeeds say it. */
    public void succeed(OutputProgram output) {
        addTo(output, warnings);
    }

    /**
     * Has the last program of a call that fails say it: all but the error itself, which standard error is to have as
     * well.
     */
    public void fail(OutputProgram output, CommandException error) {
        printWarnings(output, ofLaunch);
        printWarnings(output, warnings);
        for (String one : errors) {
            output.printError("jrun: " + Printable.ofLines(one) + "\n");
        }
        if (hasFile()) {
            output.log(global.log(), logged("error", error.messageWith(errors)));
        }
    }

    private static void printWarnings(OutputProgram output, List<String> lines) {
        for (String line : lines) {
            output.printError(WarningProgram.line(line));
        }
    }
}
