// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of containers: their ids, their statuses in the specification's lifecycle, and the reasons why an
 * operation cannot be done.
 *
 * <p>Every operation reports such a reason as a {@link dev.jrun.container.lifecycle.ContainerException}, whose message
 * is for a human. Reasons that a program may want to handle have types of their own:
 *
 * <table>
 * <caption>Exceptions</caption>
 * <tr><th>type</th><th>thrown by</th></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.InvalidContainerIdException}</td>
 *     <td>whatever takes an id that a container cannot have</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.NoSuchContainerException}</td>
 *     <td>everything except {@code create}, {@code run} and a forced {@code delete}</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.ContainerExistsException}</td>
 *     <td>{@code create} and {@code run}</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.InvalidConfigException}</td>
 *     <td>{@code create}, {@code run}, {@code exec} and {@code update}</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.UnsupportedException}</td>
 *     <td>whatever needs something that the machine lacks</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.NotExecutableException}</td>
 *     <td>{@code create}, {@code run}, {@code start} and {@code exec}</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.NotRunningException}</td>
 *     <td>{@code exec}, {@code kill}, {@code pause}, {@code start}, {@code update}, {@code events} and
 *     {@code top}</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.PausedException}</td>
 *     <td>{@code exec}, {@code pause} and {@code start}</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.WrongStatusException}</td>
 *     <td>the two above, {@code start} of a container that runs, {@code resume} of one that is not paused, and
 *     {@code delete} of one that has not ended</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.HookFailedException}</td>
 *     <td>{@code start} and {@code run}, which destroy the container then</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.ContainerBusyException}</td>
 *     <td>whatever changes a container</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.ForeignProcessException}</td>
 *     <td>whatever asks for the status of a container that was made in another pid namespace</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.UnreadableStateException}</td>
 *     <td>whatever reads the state of a container</td></tr>
 * <tr><td>{@link dev.jrun.container.lifecycle.LostRootException}</td>
 *     <td>whatever changes a container whose state directory has gone</td></tr>
 * </table>
 */
package dev.jrun.container.lifecycle;
