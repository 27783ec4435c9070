// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.Command;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Models of command lines that later calls can reuse: making one takes longer than parsing with it. A model keeps what
 * it parsed last, so two calls cannot use the same one at a time.
 */
final class CommandLines {

    /** How many of a kind are kept: a few calls at once are usual, a thousand are not. */
    private static final int MOST = 8;

    private final Map<String, Queue<ReusedLine>> idle = new ConcurrentHashMap<>();

    /**
     * The model of what stands before a command.
     *
     * @param words that it is to parse
     */
    ReusedLine takeGlobal(List<String> words) {
        ReusedLine line = poll("", words);
        return line == null ? new ReusedLine(GlobalHelp.commandLine()) : line;
    }

    /**
     * The model of a command's own part.
     *
     * @param words that it is to parse
     */
    ReusedLine take(String name, Command command, List<String> words) {
        ReusedLine line = poll(name, words);
        return line == null ? new ReusedLine(CommandHelp.commandLine(name, command)) : line;
    }

    /** Rather one that has parsed these words last. */
    private ReusedLine poll(String name, List<String> words) {
        Queue<ReusedLine> queue = idle.get(name);
        if (queue == null) {
            return null;
        }
        for (ReusedLine line : queue) {
            if (line.has(words) && queue.remove(line)) {
                return line;
            }
        }
        return queue.poll();
    }

    /** Gives back a model whose parse result nobody needs any more. */
    void giveBack(String name, ReusedLine line) {
        line.rest();
        Queue<ReusedLine> queue = idle.get(name);
        if (queue == null) {
            queue = new ConcurrentLinkedQueue<>();
            Queue<ReusedLine> other = idle.putIfAbsent(name, queue);
            queue = other == null ? queue : other;
        }
        if (queue.size() < MOST) {
            queue.add(line);
        }
    }
}
