// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/**
 * A configuration, of a container, a process or limits, is not as it has to be. The message has a line for each
 * problem, with its JSON pointer.
 */
public final class InvalidConfigException extends ContainerException {

    private static final long serialVersionUID = 1;

    public InvalidConfigException(String message) {
        super(message);
    }
}
