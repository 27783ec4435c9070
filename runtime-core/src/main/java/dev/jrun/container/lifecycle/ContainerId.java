// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/**
 * A container's id: a name that is safe as the name of a directory and of a cgroup.
 *
 * @param text one to 255 letters, digits and {@code _ + - .}, but not {@code .} or {@code ..}
 */
public record ContainerId(String text) {

    private static final int NAME_MAX = 255;

    /**
     * Checks an id that a caller gave.
     *
     * @throws InvalidContainerIdException if it is not one
     */
    public static ContainerId of(String text) throws InvalidContainerIdException {
        if (text.isEmpty()) {
            throw new InvalidContainerIdException("a container's id cannot be empty");
        }
        if (text.length() > NAME_MAX) {
            throw new InvalidContainerIdException(
                    "a container's id has at most " + NAME_MAX + " characters, not " + text.length());
        }
        if (!isId(text)) {
            throw new InvalidContainerIdException(
                    "invalid container id \"" + text + "\"; allowed: letters, digits, \"_\", \"+\", \"-\" and \".\"");
        }
        return new ContainerId(text);
    }

    /** Whether it is one. */
    public static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_MAX
                && !text.equals(".")
                && !text.equals("..")
                && isAllowed(text);
    }

    private static boolean isAllowed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isAllowed(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_+-.".indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
