// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.writing;

/** What has to be written to a control file, so that it becomes again what it was. */
public interface FormerValue {

    /** All that the file says. */
    FormerValue WHOLE = new Whole();

    /**
     * What to write.
     *
     * @param contents of the file before it was written to, without white space at its ends
     */
    String in(String contents);

    /** Where a file has a line for each device, such as {@code 8:0 1048576}: that of one. */
    static FormerValue line(String key, String ifThereIsNone) {
        return new Line(key, ifThereIsNone);
    }

    /** Where a file has lines {@code key value}, and takes a value for one of the keys: that. */
    static FormerValue valueOf(String key) {
        return new ValueOf(key);
    }

    /** See {@link #WHOLE}. */
    final class Whole implements FormerValue {
        /** What write(2) writes nothing of does not reach the kernel, which takes an empty line for nothing. */
        private static final String NOTHING = "\n";

        private Whole() {}

        @Override
        public String in(String contents) {
            return contents.isEmpty() ? NOTHING : contents;
        }
    }

    /** See {@link #line}. */
    record Line(String key, String ifThereIsNone) implements FormerValue {
        @Override
        public String in(String contents) {
            for (String line : contents.split("\n")) {
                if (line.startsWith(key + " ")) {
                    return line;
                }
            }
            return ifThereIsNone;
        }
    }

    /** See {@link #valueOf}. */
    record ValueOf(String key) implements FormerValue {
        @Override
        public String in(String contents) {
            return new Line(key, contents).in(contents).substring(key.length()).strip();
        }
    }
}
