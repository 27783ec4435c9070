// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.Command;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import picocli.CommandLine;

/**
 * Models of command lines that calls have used and others can use again: to make one takes longer than to parse with it. A model
 * keeps what it parsed last, so that no two calls can have the same at a time.
 */
final class CommandLines {

    /** How many of a kind are kept: a few calls at once are usual, a thousand are not. */
    private static final int MOST = 8;

    private final Map<String, Queue<CommandLine>> idle = new ConcurrentHashMap<>();

    /** The model of what stands before a command. */
    CommandLine takeGlobal() {
        CommandLine line = poll("");
        return line == null ? GlobalHelp.commandLine() : line;
    }

    /** The model of a command's own part. */
    CommandLine take(String name, Command command) {
        CommandLine line = poll(name);
        return line == null ? CommandHelp.commandLine(name, command) : line;
    }

    private CommandLine poll(String name) {
        Queue<CommandLine> queue = idle.get(name);
        return queue == null ? null : queue.poll();
    }

    /** Gives back a model whose parse result nobody needs any more. */
    void giveBack(String name, CommandLine line) {
        Queue<CommandLine> queue = idle.get(name);
        if (queue == null) {
            queue = new ConcurrentLinkedQueue<>();
            Queue<CommandLine> other = idle.putIfAbsent(name, queue);
            queue = other == null ? queue : other;
        }
        if (queue.size() < MOST) {
            queue.add(line);
        }
    }
}
