// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.jrun.cli.call.GlobalOptions;
import dev.jrun.engine.OutputProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code --debug} shows of one call, in the format of its log file. Each call has its own, since it goes to its
 * caller, and only on demand, since loading logback takes time.
 */
final class DebugLog {

    private final GlobalOptions global;
    private final LoggerContext context = new LoggerContext();
    private final List<String> lines = new ArrayList<>();

    DebugLog(GlobalOptions global) {
        this.global = global;
    }

    /** A logger whose lines are kept until they are {@linkplain #moveTo moved}. */
    Logger logger() {
        Logger logger = context.getLogger("jrun");
        logger.setLevel(Level.DEBUG);
        logger.addAppender(started(new Lines()));
        return logger;
    }

    private Lines started(Lines appender) {
        appender.setContext(context);
        appender.start();
        return appender;
    }

    private final class Lines extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            String level = event.getLevel().toString().toLowerCase(Locale.ROOT);
            lines.add(global.logged(level, event.getFormattedMessage(), event.getInstant()));
        }
    }

    /** Has {@code output} write the lines to where the caller wants its log: the file, or standard error. */
    void moveTo(OutputProgram output) {
        for (String line : lines) {
            if (global.log().isEmpty()) {
                output.printError(line);
            } else {
                output.log(global.log(), line);
            }
        }
        lines.clear();
    }
}
