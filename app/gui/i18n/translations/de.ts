<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>Application</name>
    <message>
        <location filename="../../shell/application.py" line="59" />
        <source>The usual settings are used.</source>
        <translation>Die üblichen Einstellungen werden verwendet.</translation>
    </message>
    <message>
        <location filename="../../shell/application.py" line="127" />
        <source>Something unexpected went wrong ({name}). You can go on; if it happens again, restart.</source>
        <translation>Etwas Unerwartetes ist schiefgegangen ({name}). Sie können weitermachen; passiert es wieder, starten Sie neu.</translation>
    </message>
</context><context>
    <name>Banner</name>
    <message>
        <location filename="../../shell/banner.py" line="37" />
        <location filename="../../shell/banner.py" line="36" />
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context><context>
    <name>BatchQueue</name>
    <message>
        <location filename="../../panels/batch_queue.py" line="59" />
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="59" />
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="59" />
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="60" />
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="74" />
        <source>Drop videos, images or folders here.</source>
        <translation>Videos, Bilder oder Ordner hierher ziehen.</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="141" />
        <source>{0} frames, {1} fps</source>
        <translation>{0} Bilder, {1} Bilder/s</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="150" />
        <source>Annotated before; some of its frames could not be decoded.</source>
        <translation>Schon ausgewertet; einige Bilder waren nicht lesbar.</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="178" />
        <source>{0} %, {1} left</source>
        <translation>{0} %, noch {1}</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="180" />
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="181" />
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="182" />
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="183" />
        <source>done before</source>
        <translation>schon fertig</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="184" />
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_queue.py" line="185" />
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
</context><context>
    <name>BatchRunner</name>
    <message>
        <location filename="../../panels/batch_runner.py" line="124" />
        <source>not begun</source>
        <translation>nicht begonnen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_runner.py" line="133" />
        <source>The model could not be loaded ({0}).</source>
        <translation>Das Modell konnte nicht geladen werden ({0}).</translation>
    </message>
    <message>
        <location filename="../../panels/batch_runner.py" line="169" />
        <source>Loading the model …</source>
        <translation>Das Modell wird geladen …</translation>
    </message>
</context><context>
    <name>BatchWindow</name>
    <message>
        <location filename="../../panels/batch_window.py" line="50" />
        <source>Annotate files</source>
        <translation>Dateien auswerten</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="92" />
        <source>{0} in the queue</source>
        <translation>{0} in der Warteschlange</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="117" />
        <source>The end must be later than the beginning.</source>
        <translation>Das Ende muss nach dem Anfang liegen.</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="127" />
        <source>Stopping …</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="173" />
        <source>{0} done</source>
        <translation>{0} fertig</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="174" />
        <source>{0} done before</source>
        <translation>{0} schon fertig</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="175" />
        <source>{0} failed</source>
        <translation>{0} fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="176" />
        <source>{0} cancelled</source>
        <translation>{0} abgebrochen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="182" />
        <source>{0}, in {1}.</source>
        <translation>{0}, in {1}.</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="206" />
        <source>{0} of {1}, about {2} left</source>
        <translation>{0} von {1}, noch etwa {2}</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="208" />
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="215" />
        <source>{0}, the most accurate that comes with the program</source>
        <translation>{0}, das genaueste der mitgelieferten</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="217" />
        <source>Chosen in Settings; automatic there means the most accurate for files</source>
        <translation>In den Einstellungen gewählt; „automatisch“ heißt für Dateien: das genaueste</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="222" />
        <source>the names of its results end in {0}</source>
        <translation>die Namen der Ergebnisse enden auf {0}</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="227" />
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="274" />
        <location filename="../../panels/batch_window.py" line="227" />
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="243" />
        <source>Add files …</source>
        <translation>Dateien hinzufügen …</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="243" />
        <source>Videos and images (Ctrl+O)</source>
        <translation>Videos und Bilder (Strg+O)</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="247" />
        <source>Add folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="247" />
        <source>The videos in it, or its images as one</source>
        <translation>Die Videos darin, oder seine Bilder als ein Video</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="249" />
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="249" />
        <source>Take the selected rows out (Delete)</source>
        <translation>Die ausgewählten Zeilen entfernen (Entf)</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="250" />
        <source>Clear finished</source>
        <translation>Fertige entfernen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="250" />
        <source>Take out all that is done</source>
        <translation>Alles entfernen, was fertig ist</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="351" />
        <location filename="../../panels/batch_window.py" line="253" />
        <location filename="../../panels/batch_window.py" line="252" />
        <source>Folder for results</source>
        <translation>Ordner für Ergebnisse</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="253" />
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="254" />
        <source>Annotated video</source>
        <translation>Video mit Skeletten</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="254" />
        <source>A video with the skeletons drawn in</source>
        <translation>Ein Video, in das die Skelette gezeichnet sind</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="255" />
        <source>Joint angles</source>
        <translation>Gelenkwinkel</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="255" />
        <source>Columns with angles in degrees</source>
        <translation>Spalten mit Winkeln in Grad</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="256" />
        <source>Replace earlier results</source>
        <translation>Frühere Ergebnisse ersetzen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="256" />
        <source>Otherwise they are kept</source>
        <translation>Sonst bleiben sie erhalten</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="257" />
        <source>beginning</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="257" />
        <source>Annotate from this time on</source>
        <translation>Ab dieser Zeit auswerten</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="258" />
        <source>end</source>
        <translation>Ende</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="258" />
        <source>Annotate up to this time</source>
        <translation>Bis zu dieser Zeit auswerten</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="271" />
        <source>Progress of all files</source>
        <translation>Fortschritt aller Dateien</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="272" />
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="272" />
        <source>Show the results</source>
        <translation>Die Ergebnisse zeigen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="273" />
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="273" />
        <source>Stop; finished files are kept</source>
        <translation>Anhalten; fertige Dateien bleiben erhalten</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="274" />
        <source>Annotate the queue (Ctrl+Return)</source>
        <translation>Die Warteschlange auswerten (Strg+Eingabe)</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="285" />
        <source>Results in</source>
        <translation>Ergebnisse in</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="286" />
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="287" />
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="288" />
        <source>Part</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="331" />
        <source>Videos and images ({0})</source>
        <translation>Videos und Bilder ({0})</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="331" />
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="332" />
        <source>Add files</source>
        <translation>Dateien hinzufügen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="338" />
        <source>Add folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="357" />
        <source>There are no results yet.</source>
        <translation>Es gibt noch keine Ergebnisse.</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="381" />
        <source>Stop annotating?</source>
        <translation>Auswertung anhalten?</translation>
    </message>
    <message>
        <location filename="../../panels/batch_window.py" line="382" />
        <source>Files are still being annotated. What is finished is kept; stop now?</source>
        <translation>Es werden noch Dateien ausgewertet. Was fertig ist, bleibt erhalten. Jetzt anhalten?</translation>
    </message>
</context><context>
    <name>BigNumbers</name>
    <message>
        <location filename="../../panels/big_numbers.py" line="31" />
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <location filename="../../panels/big_numbers.py" line="32" />
        <source>The angle whose movements there and back count</source>
        <translation>Der Winkel, dessen Bewegungen hin und zurück zählen</translation>
    </message>
    <message>
        <location filename="../../panels/big_numbers.py" line="33" />
        <source>From zero</source>
        <translation>Von vorn</translation>
    </message>
    <message>
        <location filename="../../panels/big_numbers.py" line="34" />
        <source>Count from zero</source>
        <translation>Von null an zählen</translation>
    </message>
    <message>
        <location filename="../../panels/big_numbers.py" line="95" />
        <source>Person {0}</source>
        <translation>Person {0}</translation>
    </message>
    <message>
        <location filename="../../panels/big_numbers.py" line="97" />
        <source>Click the person whose movements count.</source>
        <translation>Klicken Sie die Person an, deren Bewegungen zählen.</translation>
    </message>
</context><context>
    <name>CameraPreview</name>
    <message>
        <location filename="../../shell/cameras.py" line="117" />
        <source>This camera gives no image.</source>
        <translation>Diese Kamera liefert kein Bild.</translation>
    </message>
</context><context>
    <name>Capture</name>
    <message>
        <location filename="../../live/capture.py" line="160" />
        <source>The source stopped unexpectedly. Open it again, or choose another one.</source>
        <translation>Die Quelle ist unerwartet ausgefallen. Öffnen Sie sie erneut oder wählen Sie eine andere.</translation>
    </message>
    <message>
        <location filename="../../live/capture.py" line="223" />
        <source>The image broke off. Check the cable or the network; trying again …</source>
        <translation>Das Bild ist abgebrochen. Prüfen Sie Kabel oder Netzwerk; neuer Versuch …</translation>
    </message>
</context><context>
    <name>Docks</name>
    <message>
        <location filename="../../shell/docks.py" line="16" />
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <location filename="../../shell/docks.py" line="17" />
        <source>Review</source>
        <translation>Durchsicht</translation>
    </message>
    <message>
        <location filename="../../shell/docks.py" line="18" />
        <source>Plots</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <location filename="../../shell/docks.py" line="19" />
        <source>Big numbers</source>
        <translation>Große Zahlen</translation>
    </message>
    <message>
        <location filename="../../shell/docks.py" line="57" />
        <source>Put it in a window of its own, or back</source>
        <translation>In ein eigenes Fenster lösen oder zurück</translation>
    </message>
    <message>
        <location filename="../../shell/docks.py" line="57" />
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context><context>
    <name>DrawTool</name>
    <message>
        <location filename="../../view/draw_tool.py" line="64" />
        <source>Draw a line along it, or click both ends; with keys: arrows and Space; Esc leaves</source>
        <translation>Ziehen Sie eine Linie daran entlang oder klicken Sie beide Enden an; mit Tasten: Pfeile und Leertaste; Esc beendet</translation>
    </message>
    <message>
        <location filename="../../view/draw_tool.py" line="65" />
        <source>Click the corners; Enter or a double click closes it, Backspace takes one back, Esc leaves</source>
        <translation>Klicken Sie die Ecken an; Enter oder Doppelklick schließt, Rücktaste nimmt eine zurück, Esc beendet</translation>
    </message>
</context><context>
    <name>Drawings</name>
    <message>
        <location filename="../../view/drawings.py" line="48" />
        <source>level</source>
        <translation>waagerecht</translation>
    </message>
    <message>
        <location filename="../../view/drawings.py" line="70" />
        <source>counted</source>
        <translation>zählt</translation>
    </message>
    <message>
        <location filename="../../view/drawings.py" line="70" />
        <source>ignored</source>
        <translation>zählt nicht</translation>
    </message>
</context><context>
    <name>Folders</name>
    <message>
        <location filename="../../common/folders.py" line="17" />
        <source>No file manager was found; the folder is {0}.</source>
        <translation>Kein Dateimanager gefunden; der Ordner ist {0}.</translation>
    </message>
    <message>
        <location filename="../../common/folders.py" line="24" />
        <source>No program was found for {0}; it lies in {1}.</source>
        <translation>Für {0} wurde kein Programm gefunden; die Datei liegt in {1}.</translation>
    </message>
</context><context>
    <name>Hud</name>
    <message>
        <location filename="../../view/hud.py" line="81" />
        <source>capture</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <location filename="../../view/hud.py" line="82" />
        <source>inference</source>
        <translation>Erkennung</translation>
    </message>
    <message>
        <location filename="../../view/hud.py" line="83" />
        <source>display</source>
        <translation>Anzeige</translation>
    </message>
    <message>
        <location filename="../../view/hud.py" line="84" />
        <source>latency</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <location filename="../../view/hud.py" line="85" />
        <source>dropped</source>
        <translation>ausgelassen</translation>
    </message>
    <message>
        <location filename="../../view/hud.py" line="86" />
        <source>people</source>
        <translation>Personen</translation>
    </message>
    <message>
        <location filename="../../view/hud.py" line="87" />
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../../view/hud.py" line="87" />
        <source>loading …</source>
        <translation>wird geladen …</translation>
    </message>
    <message>
        <location filename="../../view/hud.py" line="88" />
        <source>engine</source>
        <translation>Rechenwerk</translation>
    </message>
</context><context>
    <name>InferenceWorker</name>
    <message>
        <location filename="../../live/workers.py" line="355" />
        <source>Finding people failed several times, so it is switched off. Choose another engine in Settings.</source>
        <translation>Die Erkennung ist mehrmals fehlgeschlagen und wurde abgeschaltet. Wählen Sie in den Einstellungen ein anderes Rechenwerk.</translation>
    </message>
    <message>
        <location filename="../../live/workers.py" line="388" />
        <source>The recording was ended, because something unexpected went wrong ({0}).</source>
        <translation>Die Aufnahme wurde beendet, weil etwas Unerwartetes schiefging ({0}).</translation>
    </message>
</context><context>
    <name>JointTool</name>
    <message>
        <location filename="../../view/joint_tool.py" line="116" />
        <source>{joint}: arrows move it, Enter keeps, Delete hides, Esc leaves</source>
        <translation>{joint}: Pfeile verschieben, Enter übernimmt, Entf blendet aus, Esc beendet</translation>
    </message>
</context><context>
    <name>Joints</name>
    <message>
        <location filename="../../common/joint_names.py" line="13" />
        <source>nose</source>
        <translation>Nase</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="14" />
        <source>left eye</source>
        <translation>linkes Auge</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="15" />
        <source>right eye</source>
        <translation>rechtes Auge</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="16" />
        <source>left ear</source>
        <translation>linkes Ohr</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="17" />
        <source>right ear</source>
        <translation>rechtes Ohr</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="18" />
        <source>left shoulder</source>
        <translation>linke Schulter</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="19" />
        <source>right shoulder</source>
        <translation>rechte Schulter</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="20" />
        <source>left elbow</source>
        <translation>linker Ellbogen</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="21" />
        <source>right elbow</source>
        <translation>rechter Ellbogen</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="22" />
        <source>left wrist</source>
        <translation>linkes Handgelenk</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="23" />
        <source>right wrist</source>
        <translation>rechtes Handgelenk</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="24" />
        <source>left hip</source>
        <translation>linke Hüfte</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="25" />
        <source>right hip</source>
        <translation>rechte Hüfte</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="26" />
        <source>left knee</source>
        <translation>linkes Knie</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="27" />
        <source>right knee</source>
        <translation>rechtes Knie</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="28" />
        <source>left ankle</source>
        <translation>linker Knöchel</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="29" />
        <source>right ankle</source>
        <translation>rechter Knöchel</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="30" />
        <source>head top</source>
        <translation>Scheitel</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="31" />
        <source>neck</source>
        <translation>Hals</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="32" />
        <source>trunk lean</source>
        <translation>Rumpfneigung</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="33" />
        <source>knees</source>
        <translation>Knie</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="34" />
        <source>hips</source>
        <translation>Hüften</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="35" />
        <source>elbows</source>
        <translation>Ellbogen</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="36" />
        <source>shoulders</source>
        <translation>Schultern</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="50" />
        <source>180° = straight leg</source>
        <translation>180° = gestrecktes Bein</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="51" />
        <source>between trunk and thigh, 180° = standing</source>
        <translation>zwischen Rumpf und Oberschenkel, 180° = stehend</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="52" />
        <source>180° = straight arm</source>
        <translation>180° = gestreckter Arm</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="53" />
        <source>between trunk and upper arm, 0° = hanging arm</source>
        <translation>zwischen Rumpf und Oberarm, 0° = hängender Arm</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="54" />
        <source>0° = upright, positive = to the right of the image</source>
        <translation>0° = aufrecht, positiv = zur rechten Bildseite</translation>
    </message>
    <message>
        <location filename="../../common/joint_names.py" line="55" />
        <source>between trunk and head, 180° = in line</source>
        <translation>zwischen Rumpf und Kopf, 180° = in einer Linie</translation>
    </message>
</context><context>
    <name>Library</name>
    <message>
        <source>"{address}" is no cluster: write ray, or ray://HOST:PORT.</source>
        <translation>„{address}“ ist kein Cluster: Schreiben Sie ray oder ray://HOST:PORT.</translation>
    </message>
    <message>
        <source>its worker in the cluster was lost</source>
        <translation>sein Arbeiter im Cluster ging verloren</translation>
    </message>
    <message>
        <source>A cluster needs the package ray: run pip install "litepose-studio[cluster]".</source>
        <translation>Ein Cluster braucht das Paket ray: pip install "litepose-studio[cluster]".</translation>
    </message>
    <message>
        <source>{node} has another version of the program ({version}).</source>
        <translation>{node} hat eine andere Version des Programms ({version}).</translation>
    </message>
    <message>
        <source>{node} does not see {folder}: all nodes must share the folder of the results.</source>
        <translation>{node} sieht {folder} nicht: Alle Knoten müssen den Ordner der Ergebnisse gemeinsam haben.</translation>
    </message>
    <message>
        <source>The cluster {address} cannot be reached ({reason}).</source>
        <translation>Der Cluster {address} ist nicht erreichbar ({reason}).</translation>
    </message>
    <message>
        <source>A node of the cluster cannot work ({reason}); is the same version of the program installed there?</source>
        <translation>Ein Knoten des Clusters kann nicht arbeiten ({reason}); ist dort dieselbe Version des Programms installiert?</translation>
    </message>
    <message>
        <source>{name} no longer gives the frames that were analysed (from frame {index} on); was it changed meanwhile? Delete its {suffix} file to begin anew.</source>
        <translation>{name} liefert nicht mehr die ausgewerteten Bilder (ab Bild {index}); wurde die Datei inzwischen geändert? Löschen Sie ihre {suffix}-Datei, um neu zu beginnen.</translation>
    </message>
    <message>
        <source>{source} has no frame in the part that was asked for.</source>
        <translation>{source} hat im gewünschten Ausschnitt kein Bild.</translation>
    </message>
    <message>
        <source>Decoding {source} again for drawing gave other frames than the first time: {missing} are missing from what was drawn, {unknown} were left out.</source>
        <translation>{source} ergab beim zweiten Lesen zum Zeichnen andere Bilder als beim ersten: {missing} fehlen im Gezeichneten, {unknown} wurden ausgelassen.</translation>
    </message>
    <message>
        <source>There is no edit to undo.</source>
        <translation>Es gibt keine Korrektur rückgängig zu machen.</translation>
    </message>
    <message>
        <source>There is no edit to redo.</source>
        <translation>Es gibt keine Korrektur zu wiederholen.</translation>
    </message>
    <message>
        <source>The edits of this analysis cannot be read; a newer version may have made them.</source>
        <translation>Die Korrekturen dieser Auswertung sind nicht lesbar; vielleicht stammen sie von einer neueren Version.</translation>
    </message>
    <message>
        <source>not begun.</source>
        <translation>nicht begonnen.</translation>
    </message>
    <message>
        <source>the model or its settings</source>
        <translation>das Modell oder seine Einstellungen</translation>
    </message>
    <message>
        <source>the decoding settings</source>
        <translation>die Einstellungen der Dekodierung</translation>
    </message>
    <message>
        <source>the part of the input</source>
        <translation>der Ausschnitt der Eingabe</translation>
    </message>
    <message>
        <source>the skeleton</source>
        <translation>das Skelett</translation>
    </message>
    <message>
        <source>the version of the program</source>
        <translation>die Version des Programms</translation>
    </message>
    <message>
        <source>the input</source>
        <translation>die Eingabe</translation>
    </message>
    <message>
        <source>the frame rate</source>
        <translation>die Bildrate</translation>
    </message>
    <message>
        <source>the settings</source>
        <translation>die Einstellungen</translation>
    </message>
    <message>
        <source>the formats</source>
        <translation>die Formate</translation>
    </message>
    <message>
        <source>the time scale</source>
        <translation>der Zeitmaßstab</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>das Modell</translation>
    </message>
    <message>
        <source>frames: {frames}, people: {people}, rows: {rows}, {seconds} s ({rate} fps)</source>
        <translation>Bilder: {frames}, Personen: {people}, Zeilen: {rows}, {seconds} s ({rate} Bilder/s)</translation>
    </message>
    <message>
        <source>frames: {frames}, not decoded: {missing}, people: {people}, rows: {rows}, {seconds} s ({rate} fps)</source>
        <translation>Bilder: {frames}, nicht lesbar: {missing}, Personen: {people}, Zeilen: {rows}, {seconds} s ({rate} Bilder/s)</translation>
    </message>
    <message>
        <source>Frames that could not be decoded and have no rows: {corrupt}.</source>
        <translation>Bilder, die nicht lesbar waren und keine Zeilen haben: {corrupt}.</translation>
    </message>
    <message>
        <source>The frame rate varies: use time_s, not frame / fps.</source>
        <translation>Die Bildrate schwankt: Verwenden Sie time_s, nicht frame / fps.</translation>
    </message>
    <message>
        <source>An input has an empty name.</source>
        <translation>Eine Eingabe hat einen leeren Namen.</translation>
    </message>
    <message>
        <source>No video or image matches {word}.</source>
        <translation>Kein Video oder Bild passt zu {word}.</translation>
    </message>
    <message>
        <source>The folder {folder} holds no videos or images.</source>
        <translation>Der Ordner {folder} enthält keine Videos oder Bilder.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be read ({reason}).</source>
        <translation>Der Ordner {folder} ist nicht lesbar ({reason}).</translation>
    </message>
    <message>
        <source>{word} cannot be reached ({reason}).</source>
        <translation>{word} ist nicht erreichbar ({reason}).</translation>
    </message>
    <message>
        <source>{label}: {text}</source>
        <translation>{label}: {text}</translation>
    </message>
    <message>
        <source>A scale needs two different points and a length in metres above 0.</source>
        <translation>Ein Maßstab braucht zwei verschiedene Punkte und eine Länge über 0 Meter.</translation>
    </message>
    <message>
        <source>A floor line must not be upright.</source>
        <translation>Eine Bodenlinie darf nicht senkrecht sein.</translation>
    </message>
    <message>
        <source>{label} was left out: {names} already there from another run{why}; allow them to be replaced (--overwrite), or choose another folder.</source>
        <translation>{label} wurde ausgelassen: {names} gibt es schon aus einem anderen Lauf{why}; erlauben Sie das Ersetzen, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source> (it differs in {parts})</source>
        <translation> (Unterschied: {parts})</translation>
    </message>
    <message>
        <source>{path} would replace another input; choose another folder for the results.</source>
        <translation>{path} würde eine andere Eingabe ersetzen; wählen Sie einen anderen Ordner für die Ergebnisse.</translation>
    </message>
    <message>
        <source>{path} would replace the input itself; choose another folder for the results.</source>
        <translation>{path} würde die Eingabe selbst ersetzen; wählen Sie einen anderen Ordner für die Ergebnisse.</translation>
    </message>
    <message>
        <source>{path} would be a result of another input, too; rename one of them, or choose another folder.</source>
        <translation>{path} wäre auch das Ergebnis einer anderen Eingabe; eine davon umbenennen oder einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>{why} ({count} times).</source>
        <translation>{why} ({count}-mal).</translation>
    </message>
    <message>
        <source>cancelled; what was found is stored, and the same command goes on from there.</source>
        <translation>abgebrochen; was gefunden wurde, ist gespeichert, und derselbe Befehl macht dort weiter.</translation>
    </message>
    <message>
        <source>{why}; another one goes on.</source>
        <translation>{why}; ein anderer macht weiter.</translation>
    </message>
    <message>
        <source>There is no person {person}; people are {people}.</source>
        <translation>Es gibt keine Person {person}; vorhanden sind {people}.</translation>
    </message>
    <message>
        <source>Person {person} cannot be swapped with themselves; name two people.</source>
        <translation>Person {person} kann nicht mit sich selbst vertauscht werden; nötig sind zwei Personen.</translation>
    </message>
    <message>
        <source>Person {person} cannot be merged with themselves; name two people.</source>
        <translation>Person {person} kann nicht mit sich selbst zusammengelegt werden; nötig sind zwei Personen.</translation>
    </message>
    <message>
        <source>Person {person} is not there before frame {at}: there is nothing to split.</source>
        <translation>Person {person} ist vor Bild {at} nicht da: Es gibt nichts zu teilen.</translation>
    </message>
    <message>
        <source>Person {person} must be there before frame {first} and after frame {last}.</source>
        <translation>Person {person} muss vor Bild {first} und nach Bild {last} da sein.</translation>
    </message>
    <message>
        <source>The last frame, {last}, must not come before the first, {first}.</source>
        <translation>Das letzte Bild, {last}, darf nicht vor dem ersten, {first}, liegen.</translation>
    </message>
    <message>
        <source>Person {person} is not there between frames {first} and {last}.</source>
        <translation>Person {person} ist zwischen den Bildern {first} und {last} nicht da.</translation>
    </message>
    <message>
        <source>There is no joint "{name}"; joints are {joints}.</source>
        <translation>Es gibt kein Gelenk „{name}“; die Gelenke sind {joints}.</translation>
    </message>
    <message>
        <source>Person {person} is not there from frame {first} on.</source>
        <translation>Person {person} ist ab Bild {first} nicht da.</translation>
    </message>
    <message>
        <source>There are no stored detections for {path}; annotate the video without --no-store first.</source>
        <translation>Für {path} ist nichts gespeichert; werten Sie das Video zuerst ohne --no-store aus.</translation>
    </message>
    <message>
        <source>There is no result {path}; name the table, the sidecar or the stored detections ({suffix}).</source>
        <translation>Es gibt kein Ergebnis {path}; nennen Sie Tabelle, Begleitdatei oder gespeicherte Erkennungen ({suffix}).</translation>
    </message>
    <message>
        <source>nobody was found; try another input size or model, a lower joint threshold, or another rotation.</source>
        <translation>niemand wurde gefunden; versuchen Sie eine andere Eingabegröße, ein anderes Modell, eine niedrigere Gelenkschwelle oder eine andere Drehung.</translation>
    </message>
    <message>
        <source>{label} failed unexpectedly ({reason}).</source>
        <translation>{label} ist unerwartet gescheitert ({reason}).</translation>
    </message>
    <message>
        <source>{label} is live, and zero-phase smoothing needs the finished recording; use --smooth one-euro, or smooth the recorded video.</source>
        <translation>{label} ist live, und die Glättung ohne Verzögerung braucht die fertige Aufnahme; verwenden Sie --smooth one-euro, oder glätten Sie das aufgenommene Video.</translation>
    </message>
    <message>
        <source>already annotated in the same way; skipped.</source>
        <translation>schon auf gleiche Weise ausgewertet; übersprungen.</translation>
    </message>
    <message>
        <source>what was found in its chunks is put together.</source>
        <translation>was in seinen Teilen gefunden wurde, wird zusammengesetzt.</translation>
    </message>
    <message>
        <source>cancelled; {kept} frames are stored, and the same command goes on from there.</source>
        <translation>abgebrochen; {kept} Bilder sind gespeichert, und derselbe Auftrag macht dort weiter.</translation>
    </message>
    <message>
        <source>cancelled before its first frame.</source>
        <translation>vor dem ersten Bild abgebrochen.</translation>
    </message>
    <message>
        <source>a chunk is done.</source>
        <translation>ein Teil ist fertig.</translation>
    </message>
    <message>
        <source>cancelled.</source>
        <translation>abgebrochen.</translation>
    </message>
    <message>
        <source>{path} is damaged; delete it, and the detections are made anew.</source>
        <translation>{path} ist beschädigt; löschen Sie die Datei, dann wird neu erkannt.</translation>
    </message>
    <message>
        <source>{path} does not exist; check the name and the folder.</source>
        <translation>{path} gibt es nicht; prüfen Sie Namen und Ordner.</translation>
    </message>
    <message>
        <source>{path} is not a store of detections.</source>
        <translation>{path} ist kein Speicher von Erkennungen.</translation>
    </message>
    <message>
        <source>{path} was written by a newer version of this program (format {version}, known here: up to {known}); update the program.</source>
        <translation>{path} wurde von einer neueren Version dieses Programms geschrieben (Format {version}, bekannt ist hier bis {known}); aktualisieren Sie das Programm.</translation>
    </message>
    <message>
        <source>{path} cannot be read or written ({text}).</source>
        <translation>{path} kann nicht gelesen oder geschrieben werden ({text}).</translation>
    </message>
    <message>
        <source>{path} is in use by another program; wait until it is done.</source>
        <translation>{path} wird gerade von einem anderen Programm benutzt; warten Sie, bis es fertig ist.</translation>
    </message>
    <message>
        <source>{path} cannot be written: the disk is full; free some space and run it again.</source>
        <translation>{path} lässt sich nicht schreiben: Der Datenträger ist voll; schaffen Sie Platz und starten Sie erneut.</translation>
    </message>
    <message>
        <source>the stored detections differ in {parts}</source>
        <translation>Die gespeicherten Erkennungen unterscheiden sich ({parts})</translation>
    </message>
    <message>
        <source>{path} holds detections imported from another program, which are never replaced; choose another folder, or use `convert` to track them.</source>
        <translation>{path} enthält Erkennungen aus einem anderen Programm, die nie ersetzt werden; wählen Sie einen anderen Ordner, oder verfolgen Sie sie mit `convert`.</translation>
    </message>
    <message>
        <source>{path} is already there from another run: {what}; allow it to be replaced (--overwrite), or choose another folder.</source>
        <translation>{path} gibt es schon aus einem anderen Lauf: {what}; erlauben Sie das Ersetzen, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{what}; detection begins anew.</source>
        <translation>{what}; die Erkennung beginnt neu.</translation>
    </message>
    <message>
        <source>the detections stored in {path} are used.</source>
        <translation>Die in {path} gespeicherten Erkennungen werden verwendet.</translation>
    </message>
    <message>
        <source>goes on after frame {index}, where an earlier run ended.</source>
        <translation>Es geht nach Bild {index} weiter, wo ein früherer Lauf endete.</translation>
    </message>
    <message>
        <source>was begun with another engine; detection begins anew.</source>
        <translation>wurde mit einer anderen Engine begonnen; die Erkennung beginnt neu.</translation>
    </message>
    <message>
        <source>"{text}" is not the number of a person.</source>
        <translation>„{text}“ ist nicht die Nummer einer Person.</translation>
    </message>
    <message>
        <source>There is nobody in this video to choose.</source>
        <translation>In diesem Video ist niemand, der gewählt werden könnte.</translation>
    </message>
    <message>
        <source>"{text}" is not a region: give X,Y,X,Y of a rectangle or X,Y of three corners and more, with "!" before it for everything outside.</source>
        <translation>„{text}“ ist kein Bereich: Nötig sind X,Y,X,Y eines Rechtecks oder X,Y von mindestens drei Ecken, mit „!“ davor für alles außerhalb.</translation>
    </message>
    <message>
        <source>A region needs at least three corners, not {count}.</source>
        <translation>Ein Bereich braucht mindestens drei Ecken, nicht {count}.</translation>
    </message>
    <message>
        <source>the process that worked on it ended unexpectedly (exit code {code}), perhaps for lack of memory</source>
        <translation>der Prozess, der daran arbeitete, endete unerwartet (Exit-Code {code}), vielleicht aus Mangel an Arbeitsspeicher</translation>
    </message>
    <message>
        <source>{path} cannot be written ({reason}).</source>
        <translation>{path} lässt sich nicht schreiben ({reason}).</translation>
    </message>
    <message>
        <source>{path} cannot be written: the folder may not be written to; choose another folder.</source>
        <translation>{path} lässt sich nicht schreiben: In den Ordner darf nicht geschrieben werden; wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>{path} cannot be a folder for results: it, or what it lies in, is a file.</source>
        <translation>{path} kann kein Ergebnisordner sein: Dort oder weiter oben im Pfad liegt eine Datei.</translation>
    </message>
    <message>
        <source>No format was named; there are {formats}.</source>
        <translation>Kein Format wurde genannt; es gibt {formats}.</translation>
    </message>
    <message>
        <source>There is no format "{name}"; {hint}</source>
        <translation>Es gibt kein Format „{name}“; {hint}</translation>
    </message>
    <message>
        <source>The format "{name}" needs the package {package}: run pip install "litepose-studio[{extra}]" first.</source>
        <translation>Das Format „{name}“ braucht das Paket {package}: Führen Sie zuerst pip install "litepose-studio[{extra}]" aus.</translation>
    </message>
    <message>
        <source>The recording cannot be saved in {parent} ({reason}). Choose another folder.</source>
        <translation>Die Aufnahme lässt sich nicht in {parent} speichern ({reason}). Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Model or settings were changed during the recording: {model} on {engine} from frame {index} on.</source>
        <translation>Modell oder Einstellungen wurden während der Aufnahme geändert: ab Bild {index} {model} auf {engine}.</translation>
    </message>
    <message>
        <source>An address is written PORT or HOST:PORT, such as 9000 or 127.0.0.1:9000, not {text}.</source>
        <translation>Eine Adresse wird PORT oder HOST:PORT geschrieben, etwa 9000 oder 127.0.0.1:9000, nicht {text}.</translation>
    </message>
    <message>
        <source>The host in {text} is written as a name, 192.168.1.5 or [::1].</source>
        <translation>Der Rechner in {text} wird als Name, 192.168.1.5 oder [::1] geschrieben.</translation>
    </message>
    <message>
        <source>{option} needs the package {package}, which cannot be loaded here ({reason}).</source>
        <translation>{option} braucht das Paket {package}, das hier nicht geladen werden kann ({reason}).</translation>
    </message>
    <message>
        <source>{option} needs the package {package}: python -m pip install {package}</source>
        <translation>{option} braucht das Paket {package}: python -m pip install {package}</translation>
    </message>
    <message>
        <source>There is no joint {joint}; this model has {known}.</source>
        <translation>Es gibt kein Gelenk {joint}; dieses Modell hat {known}.</translation>
    </message>
    <message>
        <source>LSL streams "{first}" to "{last}"</source>
        <translation>LSL-Ströme „{first}“ bis „{last}“</translation>
    </message>
    <message>
        <source>LSL cannot open its streams ({reason}).</source>
        <translation>LSL kann seine Ströme nicht öffnen ({reason}).</translation>
    </message>
    <message>
        <source>OSC to {address}</source>
        <translation>OSC an {address}</translation>
    </message>
    <message>
        <source>OSC cannot be sent to {address} ({reason}).</source>
        <translation>OSC kann nicht an {address} gesendet werden ({reason}).</translation>
    </message>
    <message>
        <source>The number of person slots must lie between 1 and {most}, not {count}.</source>
        <translation>Die Zahl der Personenplätze muss zwischen 1 und {most} liegen, nicht bei {count}.</translation>
    </message>
    <message>
        <source>Virtual camera {device}</source>
        <translation>Virtuelle Kamera {device}</translation>
    </message>
    <message>
        <source>This system has no virtual camera; OBS brings one.</source>
        <translation>Dieses System hat keine virtuelle Kamera; OBS bringt eine mit.</translation>
    </message>
    <message>
        <source>{device} is no virtual camera of this system.</source>
        <translation>{device} ist keine virtuelle Kamera dieses Systems.</translation>
    </message>
    <message>
        <source>This system has no virtual camera; load the kernel module v4l2loopback (modprobe v4l2loopback).</source>
        <translation>Dieses System hat keine virtuelle Kamera; das Kernelmodul v4l2loopback laden (modprobe v4l2loopback).</translation>
    </message>
    <message>
        <source>WebSocket on {address}</source>
        <translation>WebSocket auf {address}</translation>
    </message>
    <message>
        <source>WebSocket cannot use {address} ({reason}).</source>
        <translation>WebSocket kann {address} nicht benutzen ({reason}).</translation>
    </message>
    <message>
        <source>input size {size}: people measure about {person_px} px at {looked_at}, and {goal_px} suit the model.</source>
        <translation>Eingabegröße {size}: Personen messen etwa {person_px} px bei {looked_at}, dem Modell liegen {goal_px}.</translation>
    </message>
    <message>
        <source>input size {size}: people measure about {person_px} px at {looked_at}, but with {tried} they are seen less surely.</source>
        <translation>Eingabegröße {size}: Personen messen etwa {person_px} px bei {looked_at}, mit {tried} werden sie aber weniger sicher erkannt.</translation>
    </message>
    <message>
        <source>input size {size}: nobody was found in {frames} frames by which to choose.</source>
        <translation>Eingabegröße {size}: In {frames} Bildern wurde niemand gefunden, nach dem gewählt werden könnte.</translation>
    </message>
    <message>
        <source>The sound breaks off where the file does.</source>
        <translation>Der Ton bricht ab, wo die Datei abbricht.</translation>
    </message>
    <message>
        <source>The sound of {source} was left out (it is not copied from the network).</source>
        <translation>Der Ton von {source} wurde weggelassen (aus dem Netz wird er nicht kopiert).</translation>
    </message>
    <message>
        <source>The sound of {source} was left out ({reason}).</source>
        <translation>Der Ton von {source} wurde ausgelassen ({reason}).</translation>
    </message>
    <message>
        <source>settings file</source>
        <translation>Einstellungsdatei</translation>
    </message>
    <message>
        <source>The settings cannot be saved to {path} ({reason}).</source>
        <translation>Die Einstellungen lassen sich nicht in {path} speichern ({reason}).</translation>
    </message>
    <message>
        <source>The setting {key} must lie between {low} and {high}, not {value}.</source>
        <translation>Die Einstellung {key} muss zwischen {low} und {high} liegen, nicht bei {value}.</translation>
    </message>
    <message>
        <source>{path} is not an image, or it is damaged.</source>
        <translation>{path} ist kein Bild oder beschädigt.</translation>
    </message>
    <message>
        <source>{name} ends early: {lost} frames that it announces are not there.</source>
        <translation>{name} endet zu früh: {lost} angekündigte Bilder fehlen.</translation>
    </message>
    <message>
        <source>{name} cannot be opened; check the address and the network.</source>
        <translation>{name} lässt sich nicht öffnen; prüfen Sie Adresse und Netzwerk.</translation>
    </message>
    <message>
        <source>{name} is live and cannot be wound.</source>
        <translation>{name} läuft live und lässt sich nicht spulen.</translation>
    </message>
    <message>
        <source>{name} broke off; check the cable or the network.</source>
        <translation>{name} ist abgebrochen; prüfen Sie Kabel oder Netzwerk.</translation>
    </message>
    <message>
        <source>{name} opens but gives no image; another program may be using it.</source>
        <translation>{name} lässt sich öffnen, liefert aber kein Bild; vielleicht verwendet es ein anderes Programm.</translation>
    </message>
    <message>
        <source>{name} cannot be opened; check that it is connected, free and that this program may use it.</source>
        <translation>{name} lässt sich nicht öffnen; prüfen Sie, ob die Kamera angeschlossen und frei ist und ob dieses Programm sie verwenden darf.</translation>
    </message>
    <message>
        <source>{name} broke off and was opened again.</source>
        <translation>{name} brach ab und wurde erneut geöffnet.</translation>
    </message>
    <message>
        <source>{name} holds no images.</source>
        <translation>{name} enthält keine Bilder.</translation>
    </message>
    <message>
        <source>No image in {name} can be read.</source>
        <translation>Kein Bild in {name} ist lesbar.</translation>
    </message>
    <message>
        <source>{name}: images such as {example} cannot be read here; convert them to JPEG or PNG.</source>
        <translation>{name}: Bilder wie {example} können hier nicht gelesen werden; wandeln Sie sie in JPEG oder PNG um.</translation>
    </message>
    <message>
        <source>{name} is not an image, or it is damaged.</source>
        <translation>{name} ist kein Bild oder beschädigt.</translation>
    </message>
    <message>
        <source>{path} cannot be read as an image; it was left out.</source>
        <translation>{path} ist nicht als Bild lesbar und wurde ausgelassen.</translation>
    </message>
    <message>
        <source>The images have different sizes; coordinates are in pixels of each image.</source>
        <translation>Die Bilder sind verschieden groß; Koordinaten sind in Pixeln des jeweiligen Bildes.</translation>
    </message>
    <message>
        <source>{path} holds several images; the first was taken.</source>
        <translation>{path} enthält mehrere Bilder; das erste wurde genommen.</translation>
    </message>
    <message>
        <source>Images that cannot be read here were left out: {count} ({shown}).</source>
        <translation>Bilder, die hier nicht gelesen werden können, wurden ausgelassen: {count} ({shown}).</translation>
    </message>
    <message>
        <source>{path} holds no images.</source>
        <translation>{path} enthält keine Bilder.</translation>
    </message>
    <message>
        <source>The rotation must be 0, 90, 180 or 270 degrees, not {clockwise}.</source>
        <translation>Die Drehung muss 0, 90, 180 oder 270 Grad betragen, nicht {clockwise}.</translation>
    </message>
    <message>
        <source>{path} can no longer be read; check that it is still there.</source>
        <translation>{path} ist nicht mehr lesbar; prüfen Sie, ob die Datei noch da ist.</translation>
    </message>
    <message>
        <source>The {depth}-bit values of {name} were taken as {bits}-bit ones.</source>
        <translation>Die {depth}-Bit-Werte von {name} wurden als {bits}-Bit-Werte gelesen.</translation>
    </message>
    <message>
        <source>Jumps in the times of {name}: {count}, the longest of {seconds} s at {at_s} s.</source>
        <translation>Sprünge in den Zeiten von {name}: {count}, der längste von {seconds} s bei {at_s} s.</translation>
    </message>
    <message>
        <source>{name} is a text, not a video.</source>
        <translation>{name} ist ein Text, kein Video.</translation>
    </message>
    <message>
        <source>{name} has no video in it, nothing to show; choose a video file.</source>
        <translation>{name} enthält kein Video und nichts, was sich zeigen ließe; wählen Sie eine Videodatei.</translation>
    </message>
    <message>
        <source>{name} uses a video codec that is not known here; convert it to H.264 first.</source>
        <translation>{name} verwendet ein Videoformat, das hier nicht bekannt ist; wandeln Sie die Datei zuerst in H.264 um.</translation>
    </message>
    <message>
        <source>{name} holds no image that can be decoded; it may be empty or damaged.</source>
        <translation>{name} enthält kein lesbares Bild; die Datei ist vielleicht leer oder beschädigt.</translation>
    </message>
    <message>
        <source>{name} has no video in it, only sound; choose a video file.</source>
        <translation>{name} enthält kein Video, nur Ton; wählen Sie eine Videodatei.</translation>
    </message>
    <message>
        <source>{name} holds {count} videos; number {place} ({width}x{height}) was taken.</source>
        <translation>{name} enthält {count} Videos; Nummer {place} ({width}x{height}) wurde genommen.</translation>
    </message>
    <message>
        <source>The image size changes within {name}; all frames were scaled to the first.</source>
        <translation>Die Bildgröße wechselt in {name}; alle Bilder wurden auf die des ersten gebracht.</translation>
    </message>
    <message>
        <source>Some frames of {name} carry no usable time; theirs were estimated.</source>
        <translation>Einige Bilder von {name} haben keine brauchbare Zeit; ihre wurde geschätzt.</translation>
    </message>
    <message>
        <source>{name} is interlaced; its frames were deinterlaced.</source>
        <translation>{name} hat Halbbilder (Interlacing); sie wurden zu ganzen Bildern gemacht.</translation>
    </message>
    <message>
        <source>{name} breaks off; what comes before that was read.</source>
        <translation>{name} bricht ab; was davor kommt, wurde gelesen.</translation>
    </message>
    <message>
        <source>{name} begins with {lost} frames that cannot be decoded; they were left out.</source>
        <translation>{name} beginnt mit {lost} nicht lesbaren Bildern; sie wurden ausgelassen.</translation>
    </message>
    <message>
        <source>{name} may have been cut off: it announces {duration_s} s, its images end at {end_s} s.</source>
        <translation>{name} ist vielleicht abgeschnitten: {duration_s} s sind angekündigt, die Bilder enden bei {end_s} s.</translation>
    </message>
    <message>
        <source>{name} cannot be opened as a video ({reason}).</source>
        <translation>{name} lässt sich nicht als Video öffnen ({reason}).</translation>
    </message>
    <message>
        <source>{path} is an empty file (0 bytes).</source>
        <translation>{path} ist eine leere Datei (0 Bytes).</translation>
    </message>
    <message>
        <source>{name} may not be read; check the file's permissions.</source>
        <translation>{name} darf nicht gelesen werden; prüfen Sie die Zugriffsrechte der Datei.</translation>
    </message>
    <message>
        <source>{name} is not a video, or it is damaged beyond reading.</source>
        <translation>{name} ist kein Video oder so beschädigt, dass es nicht lesbar ist.</translation>
    </message>
    <message>
        <source>{path} is a folder, not a video file.</source>
        <translation>{path} ist ein Ordner, keine Videodatei.</translation>
    </message>
    <message>
        <source>{path} cannot be reached ({reason}).</source>
        <translation>{path} ist nicht erreichbar ({reason}).</translation>
    </message>
    <message>
        <source>{name} is incomplete: its index is missing, as when a recording or copy was cut off; copy it again or repair it.</source>
        <translation>{name} ist unvollständig: Das Inhaltsverzeichnis fehlt, wie nach einer abgebrochenen Aufnahme oder Kopie; kopieren Sie die Datei erneut oder reparieren Sie sie.</translation>
    </message>
    <message>
        <source>ONNX Runtime cannot be used ({reason}); try `pip install onnxruntime`.</source>
        <translation>ONNX Runtime ist nicht verwendbar ({reason}); versuchen Sie `pip install onnxruntime`.</translation>
    </message>
    <message>
        <source>ONNX Runtime failed on images of {size}: {reason}</source>
        <translation>ONNX Runtime scheiterte an Bildern von {size}: {reason}</translation>
    </message>
    <message>
        <source>OpenVINO cannot be used ({reason}); install it with `pip install openvino`.</source>
        <translation>OpenVINO ist nicht verwendbar ({reason}); installieren Sie es mit `pip install openvino`.</translation>
    </message>
    <message>
        <source>OpenVINO could not start on this machine: {reason}</source>
        <translation>OpenVINO konnte auf diesem Rechner nicht starten: {reason}</translation>
    </message>
    <message>
        <source>OpenVINO cannot compute in {precision} on this CPU; use the precision fp32 or auto.</source>
        <translation>OpenVINO kann auf diesem Prozessor nicht in {precision} rechnen; verwenden Sie das Zahlenformat fp32 oder auto.</translation>
    </message>
    <message>
        <source>OpenVINO could not prepare the network in int8: {reason}</source>
        <translation>OpenVINO konnte das Netz nicht in int8 vorbereiten: {reason}</translation>
    </message>
    <message>
        <source>OpenVINO could not prepare the network for images of {size}: {reason}</source>
        <translation>OpenVINO konnte das Netz nicht für Bilder von {size} vorbereiten: {reason}</translation>
    </message>
    <message>
        <source>OpenVINO failed on images of {size}: {reason}</source>
        <translation>OpenVINO scheiterte an Bildern von {size}: {reason}</translation>
    </message>
    <message>
        <source>Top-down networks are not computed in int8; use the precision fp32, bf16 or auto.</source>
        <translation>Netze für Ausschnitte werden nicht in int8 gerechnet; nehmen Sie die Genauigkeit fp32, bf16 oder auto.</translation>
    </message>
    <message>
        <source>The file assets/calibration.webp is missing or damaged; install LitePose Studio again.</source>
        <translation>Die Datei assets/calibration.webp fehlt oder ist beschädigt; installieren Sie LitePose Studio erneut.</translation>
    </message>
    <message>
        <source>No inference engine is installed; install one with `pip install openvino`.</source>
        <translation>Es ist kein Rechenwerk installiert; installieren Sie eines mit `pip install openvino`.</translation>
    </message>
    <message>
        <source>The engine {engine} runs on the CPU only; use the engine torch for the device {device}.</source>
        <translation>Das Rechenwerk {engine} läuft nur auf dem Prozessor; verwenden Sie für das Gerät {device} das Rechenwerk torch.</translation>
    </message>
    <message>
        <source>ONNX Runtime computes in fp32 here; take another engine for {precision}.</source>
        <translation>ONNX Runtime rechnet hier in fp32; verwenden Sie für {precision} eine andere Engine.</translation>
    </message>
    <message>
        <source>There is no {what} named "{value}"; use {choices}.</source>
        <translation>Den Wert „{value}“ gibt es hier nicht ({what}); verwenden Sie {choices}.</translation>
    </message>
    <message>
        <source>The device cuda cannot be used: the installed PyTorch was built without CUDA; use the device cpu.</source>
        <translation>Das Gerät cuda ist nicht verwendbar: Das installierte PyTorch wurde ohne CUDA gebaut; verwenden Sie das Gerät cpu.</translation>
    </message>
    <message>
        <source>The device mps cannot be used: PyTorch finds no Apple graphics chip; use the device cpu.</source>
        <translation>Das Gerät mps ist nicht verwendbar: PyTorch findet keinen Grafikchip von Apple; verwenden Sie das Gerät cpu.</translation>
    </message>
    <message>
        <source>PyTorch does not compute this network in int8; use the engine openvino.</source>
        <translation>PyTorch rechnet dieses Netz nicht in int8; verwenden Sie die Engine openvino.</translation>
    </message>
    <message>
        <source>PyTorch does not compute this network in fp16 on a CPU; use the precision fp32 or bf16.</source>
        <translation>PyTorch rechnet dieses Netz auf einem Prozessor nicht in fp16; verwenden Sie das Zahlenformat fp32 oder bf16.</translation>
    </message>
    <message>
        <source>The device cuda cannot be used: the installed PyTorch finds no NVIDIA card or driver; use the device cpu.</source>
        <translation>Das Gerät cuda ist nicht verwendbar: Das installierte PyTorch findet keine NVIDIA-Karte oder keinen Treiber; verwenden Sie das Gerät cpu.</translation>
    </message>
    <message>
        <source>PyTorch cannot be used ({reason}); install it with `pip install torch`.</source>
        <translation>PyTorch ist nicht verwendbar ({reason}); installieren Sie es mit `pip install torch`.</translation>
    </message>
    <message>
        <source>PyTorch could not put the network on {device}: {reason}</source>
        <translation>PyTorch konnte das Netz nicht auf {device} bringen: {reason}</translation>
    </message>
    <message>
        <source>The device {device} ran out of memory for {size}; take a smaller input size or the device cpu.</source>
        <translation>Der Speicher des Geräts {device} reicht nicht für {size}; nehmen Sie eine kleinere Eingabegröße oder das Gerät cpu.</translation>
    </message>
    <message>
        <source>PyTorch failed on {device} for images of {size}: {reason}</source>
        <translation>PyTorch scheiterte auf {device} an Bildern von {size}: {reason}</translation>
    </message>
    <message>
        <source>{spec} sees crops of one person: it refines what another model has found (--refine {spec}).</source>
        <translation>{spec} sieht Ausschnitte mit einer Person: Es verfeinert, was ein anderes Modell gefunden hat (--refine {spec}).</translation>
    </message>
    <message>
        <source>The input size must be between {least} and {most} pixels, not {size}.</source>
        <translation>Die Eingabegröße muss zwischen {least} und {most} Pixeln liegen, nicht bei {size}.</translation>
    </message>
    <message>
        <source>The file {path} is missing or damaged; install LitePose Studio again.</source>
        <translation>Die Datei {path} fehlt oder ist beschädigt; installieren Sie LitePose Studio neu.</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first} und {second}</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a path</source>
        <translation>ein Pfad</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>The setting {name} must be one of {choices}, not {value}.</source>
        <translation>Die Einstellung {name} muss einer dieser Werte sein: {choices}; nicht {value}.</translation>
    </message>
    <message>
        <source>The {what} {path} does not exist.</source>
        <translation>Die Datei {path} ({what}) gibt es nicht.</translation>
    </message>
    <message>
        <source>The {what} {path} cannot be read ({reason}).</source>
        <translation>Die Datei {path} ({what}) kann nicht gelesen werden ({reason}).</translation>
    </message>
    <message>
        <source>The {what} {path} is not valid TOML ({reason}).</source>
        <translation>Die Datei {path} ({what}) ist kein gültiges TOML ({reason}).</translation>
    </message>
    <message>
        <source>There is no setting {name}; known here: {known}.</source>
        <translation>Es gibt keine Einstellung {name}; bekannt sind hier: {known}.</translation>
    </message>
    <message>
        <source>The setting {name} is missing.</source>
        <translation>Die Einstellung {name} fehlt.</translation>
    </message>
    <message>
        <source>The setting {name} must be a table, written as [{name}].</source>
        <translation>Die Einstellung {name} muss eine Tabelle sein, geschrieben als [{name}].</translation>
    </message>
    <message>
        <source>The setting {name} must have {count} entries, not be {value}.</source>
        <translation>Die Einstellung {name} muss {count} Einträge haben, nicht {value}.</translation>
    </message>
    <message>
        <source>The setting {name} must be {word}, not {value}.</source>
        <translation>Die Einstellung {name} muss {word} sein, nicht {value}.</translation>
    </message>
    <message>
        <source>A network for {proposed} cannot refine {skeleton}: they have no joint in common.</source>
        <translation>Ein Netz für {proposed} kann {skeleton} nicht verfeinern: Sie haben kein Gelenk gemeinsam.</translation>
    </message>
    <message>
        <source>People are refined one at least, and in every frame at most.</source>
        <translation>Mindestens eine Person wird verfeinert, höchstens in jedem Bild.</translation>
    </message>
    <message>
        <source>{file_name} is nearly {arch} for {skeleton_name}, but {wrong} of its tensors are missing, unknown or of another shape; the file may come from a changed or pruned network.</source>
        <translation>{file_name} ist beinahe {arch} für {skeleton_name}, aber {wrong} der Tensoren fehlen, sind unbekannt oder anders geformt; die Datei stammt vielleicht von einem veränderten oder verkleinerten Netz.</translation>
    </message>
    <message>
        <source>{file_name} is not a complete PyTorch or safetensors file: it is cut off, damaged or of another kind.</source>
        <translation>{file_name} ist keine vollständige PyTorch- oder safetensors-Datei: abgeschnitten, beschädigt oder von anderer Art.</translation>
    </message>
    <message>
        <source>{file_name} holds {count} tensors of some other network, not of a network that is known here.</source>
        <translation>{file_name} enthält {count} Tensoren eines anderen Netzes, nicht die eines Netzes, das hier bekannt ist.</translation>
    </message>
    <message>
        <source>{file_name} holds {count} tensors of some other network, not of a LitePose.</source>
        <translation>{file_name} enthält {count} Tensoren eines anderen Netzes, nicht die eines LitePose.</translation>
    </message>
    <message>
        <source>{file_name} holds a {kind} where a mapping of tensors was expected.</source>
        <translation>{file_name} enthält ein {kind}, wo benannte Tensoren erwartet wurden.</translation>
    </message>
    <message>
        <source>{file_name} holds other things than tensors; save the state_dict of the network alone.</source>
        <translation>{file_name} enthält anderes als Tensoren; speichern Sie nur das state_dict des Netzes.</translation>
    </message>
    <message>
        <source>{file_name} holds sparse, quantised or complex tensors, which pose networks do not have.</source>
        <translation>{file_name} enthält dünn besetzte, quantisierte oder komplexe Tensoren, die es in solchen Netzen nicht gibt.</translation>
    </message>
    <message>
        <source>{path} is empty; download it again.</source>
        <translation>{path} ist leer; laden Sie die Datei erneut herunter.</translation>
    </message>
    <message>
        <source>{path} has {gigabytes} GB, which is far too large for a pose network.</source>
        <translation>{path} hat {gigabytes} GB, viel zu viel für ein Netz, das Posen schätzt.</translation>
    </message>
    <message>
        <source>{path} is a web page, not a weights file; the download went wrong, fetch it again.</source>
        <translation>{path} ist eine Webseite, keine Gewichtsdatei; das Herunterladen ging schief, holen Sie sie erneut.</translation>
    </message>
    <message>
        <source>{path} is a Git LFS pointer, not the file itself; fetch it with `git lfs pull`.</source>
        <translation>{path} ist nur ein Verweis von Git LFS, nicht die Datei selbst; holen Sie sie mit `git lfs pull`.</translation>
    </message>
    <message>
        <source>{file_name} is a PyTorch file, and PyTorch is not installed here to read it.</source>
        <translation>{file_name} ist eine PyTorch-Datei, und PyTorch ist hier nicht installiert, um sie zu lesen.</translation>
    </message>
    <message>
        <source>{file_name} is damaged: its tensor {name} holds numbers that are not finite.</source>
        <translation>{file_name} ist beschädigt: Der Tensor {name} enthält Zahlen, die nicht endlich sind.</translation>
    </message>
    <message>
        <source>{file_name} is damaged: its tensor {name} holds a negative variance.</source>
        <translation>{file_name} ist beschädigt: Der Tensor {name} enthält eine negative Varianz.</translation>
    </message>
    <message>
        <source>{path} is a folder, not a weights file.</source>
        <translation>{path} ist ein Ordner, keine Gewichtsdatei.</translation>
    </message>
    <message>
        <source>The weights file {path} cannot be read: {reason}.</source>
        <translation>Die Gewichtsdatei {path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>{file_name} holds Python objects that could run code, so it was not opened; a weights file must hold tensors only.</source>
        <translation>{file_name} enthält Python-Objekte, die Programmcode ausführen könnten, und wurde deshalb nicht geöffnet; eine Gewichtsdatei darf nur Tensoren enthalten.</translation>
    </message>
    <message>
        <source>{file_name} is cut off or damaged.</source>
        <translation>{file_name} ist abgeschnitten oder beschädigt.</translation>
    </message>
    <message>
        <source>{path} was changed or damaged: its SHA-256 is not the recorded one; install or import it again.</source>
        <translation>{path} wurde verändert oder beschädigt: SHA-256 ist nicht die verzeichnete; installieren oder importieren Sie die Datei erneut.</translation>
    </message>
    <message>
        <source>{path} is cut off or damaged; install or import it again.</source>
        <translation>{path} ist abgeschnitten oder beschädigt; installieren oder importieren Sie die Datei erneut.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}.</source>
        <translation>{path} lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
        <source>There are no weights named "{name}"; none are installed; add some with `weights import FILE`.</source>
        <translation>Es gibt keine Gewichte namens „{name}“; keine sind installiert; fügen Sie welche mit `weights import FILE` hinzu.</translation>
    </message>
    <message>
        <source>There are no weights named "{name}"; did you mean "{nearest}"?</source>
        <translation>Es gibt keine Gewichte namens „{name}“; meinten Sie „{nearest}“?</translation>
    </message>
    <message>
        <source>There are no weights named "{name}"; there are: {known}.</source>
        <translation>Es gibt keine Gewichte namens „{name}“; es gibt: {known}.</translation>
    </message>
    <message>
        <source>Weights are written as {suffix} files, and {path} is not named so.</source>
        <translation>Gewichte werden als {suffix}-Dateien geschrieben, und {path} heißt nicht so.</translation>
    </message>
    <message>
        <source>These tensors are {found_arch} for {found_skeleton}, not {arch} for {skeleton}.</source>
        <translation>Diese Tensoren sind {found_arch} für {found_skeleton}, nicht {arch} für {skeleton}.</translation>
    </message>
    <message>
        <source>"{name}" cannot be a name: use up to 64 lower-case letters, digits, ".", "-" and "_".</source>
        <translation>„{name}“ kann kein Name sein: Verwenden Sie bis zu 64 Kleinbuchstaben, Ziffern, „.“, „-“ und „_“.</translation>
    </message>
    <message>
        <source>Other weights are already named "{name}"; choose another name.</source>
        <translation>Andere Gewichte heißen schon „{name}“; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>The list of weights {path} cannot be read: {reason}.</source>
        <translation>Die Liste der Gewichte {path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>The list of weights {path} is damaged; delete it and import them again.</source>
        <translation>Die Liste der Gewichte {path} ist beschädigt; löschen Sie sie und importieren Sie die Gewichte erneut.</translation>
    </message>
    <message>
        <source>The list of weights {path} is damaged; install the program again.</source>
        <translation>Die Liste der Gewichte {path} ist beschädigt; installieren Sie das Programm erneut.</translation>
    </message>
    <message>
        <source>The tracker setting track_low_thr must not exceed track_high_thr.</source>
        <translation>Die Verfolgungseinstellung det_thr_low darf nicht über det_thr_high liegen.</translation>
    </message>
    <message>
        <source>The tracker setting min_hits must be at least 1.</source>
        <translation>Die Verfolgungseinstellung min_hits muss mindestens 1 sein.</translation>
    </message>
    <message>
        <source>The tracker setting {field} must be a number from 0 up, not {value}.</source>
        <translation>Die Verfolgungseinstellung {field} muss eine Zahl ab 0 sein, nicht {value}.</translation>
    </message>
    <message>
        <source>The tracker setting {name} must lie between 0 and 1, not {value}.</source>
        <translation>Die Verfolgungseinstellung {name} muss zwischen 0 und 1 liegen, nicht bei {value}.</translation>
    </message>
    <message>
        <source>The tracker setting {name} must be more than 0.</source>
        <translation>Die Verfolgungseinstellung {name} muss größer als 0 sein.</translation>
    </message>
    <message>
        <source>The smoothing cutoff must be more than 0 Hz.</source>
        <translation>Die Grenzfrequenz der Glättung muss über 0 Hz liegen.</translation>
    </message>
    <message>
        <source>settings file</source>
        <translation>Einstellungsdatei</translation>
    </message>
    <message>
        <source>a path</source>
        <translation>ein Pfad</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>The {what} {path} does not exist.</source>
        <translation>Die Datei {path} ({what}) gibt es nicht.</translation>
    </message>
    <message>
        <source>The {what} {path} cannot be read ({reason}).</source>
        <translation>Die Datei {path} ({what}) kann nicht gelesen werden ({reason}).</translation>
    </message>
    <message>
        <source>The {what} {path} is not valid TOML ({reason}).</source>
        <translation>Die Datei {path} ({what}) ist kein gültiges TOML ({reason}).</translation>
    </message>
    <message>
        <source>The setting {name} is missing.</source>
        <translation>Die Einstellung {name} fehlt.</translation>
    </message>
    <message>
        <source>The setting {name} must have {count} entries, not be {value}.</source>
        <translation>Die Einstellung {name} muss {count} Einträge haben, nicht {value}.</translation>
    </message>
</context><context>
    <name>LivePanel</name>
    <message>
        <location filename="../../panels/live_panel.py" line="62" />
        <source>Live out</source>
        <translation>Live-Ausgabe</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="71" />
        <source>To TouchDesigner, Max and others, over UDP</source>
        <translation>An TouchDesigner, Max und andere, über UDP</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="73" />
        <source>To browsers and others, with a page that draws it</source>
        <translation>An Browser und andere, mit einer Seite, die es zeichnet</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="76" />
        <source>One stream per person slot, for recorders</source>
        <translation>Ein Strom je Platz, für Aufzeichnungsprogramme</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="78" />
        <source>Virtual camera</source>
        <translation>Virtuelle Kamera</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="78" />
        <source>The drawn image as a webcam</source>
        <translation>Das gezeichnete Bild als Webcam</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="79" />
        <source>Open the page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="80" />
        <source>Show the people in the browser</source>
        <translation>Die Personen im Browser zeigen</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="86" />
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="88" />
        <source>Positions as found, not smoothed</source>
        <translation>Positionen wie gefunden, nicht geglättet</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="89" />
        <source>Positions from 0 to 1 instead of pixels</source>
        <translation>Positionen von 0 bis 1 statt in Pixeln</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="90" />
        <source>Joint angles</source>
        <translation>Gelenkwinkel</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="101" />
        <source>Person slots</source>
        <translation>Plätze für Personen</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="101" />
        <source>Numbered places; a person keeps one while known</source>
        <translation>Nummerierte Plätze; eine Person behält ihren, solange sie bekannt ist</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="104" />
        <source>Repetitions of</source>
        <translation>Wiederholungen von</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="104" />
        <source>The angle whose movements there and back count</source>
        <translation>Der Winkel, dessen Bewegungen hin und zurück zählen</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="120" />
        <source>Where the poses of the open source go, as they happen. Addresses: PORT or HOST:PORT.</source>
        <translation>Wohin die Posen der offenen Quelle gehen, während sie entstehen. Adressen: PORT oder HOST:PORT.</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="151" />
        <source>Address of {0}</source>
        <translation>Adresse von {0}</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="152" />
        <source>PORT on this machine, or HOST:PORT</source>
        <translation>PORT auf diesem Rechner, oder HOST:PORT</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="209" />
        <source>starts with the next image</source>
        <translation>beginnt mit dem nächsten Bild</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="233" />
        <source>Poses leave this machine: {0}. Nothing is encrypted.</source>
        <translation>Posen verlassen diesen Rechner: {0}. Nichts ist verschlüsselt.</translation>
    </message>
    <message>
        <location filename="../../panels/live_panel.py" line="236" />
        <source>LSL announces its streams on this machine only, but answers other machines that ask for them.</source>
        <translation>LSL kündigt seine Ströme nur auf diesem Rechner an, antwortet aber anderen Rechnern, die danach fragen.</translation>
    </message>
</context><context>
    <name>MainWindow</name>
    <message>
        <location filename="../../shell/main_window.py" line="175" />
        <source>Passwords are not kept: complete the address, then connect.</source>
        <translation>Passwörter werden nicht aufbewahrt: Vervollständigen Sie die Adresse, und verbinden Sie dann.</translation>
    </message>
    <message>
        <location filename="../../shell/main_window.py" line="321" />
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <location filename="../../shell/main_window.py" line="323" />
        <source>Choose another …</source>
        <translation>Andere wählen …</translation>
    </message>
    <message>
        <location filename="../../shell/main_window.py" line="329" />
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../../shell/main_window.py" line="333" />
        <source>Folder for recordings …</source>
        <translation>Ordner für Aufnahmen …</translation>
    </message>
</context><context>
    <name>Measuring</name>
    <message>
        <location filename="../../shell/measuring.py" line="33" />
        <source>Only the &amp;largest person counts</source>
        <translation>Nur die &amp;größte Person zählt</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="34" />
        <source>Whose area is largest, summed over the whole video</source>
        <translation>Deren Fläche über das ganze Video am größten ist</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="35" />
        <source>Only who is seen l&amp;ongest counts</source>
        <translation>Nur wer am &amp;längsten zu sehen ist, zählt</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="36" />
        <source>Only the most &amp;central person counts</source>
        <translation>Nur die &amp;mittigste Person zählt</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="43" />
        <source>Count only &amp;inside a region …</source>
        <translation>Nur &amp;innerhalb einer Fläche zählen …</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="44" />
        <source>Where people stand decides</source>
        <translation>Es kommt darauf an, wo jemand steht</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="45" />
        <source>I&amp;gnore inside a region …</source>
        <translation>Innerhalb einer Fläche &amp;nicht zählen …</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="46" />
        <source>Such as spectators, screens, mirrors</source>
        <translation>Etwa Zuschauer, Bildschirme, Spiegel</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="47" />
        <source>&amp;Known length …</source>
        <translation>Bek&amp;annte Länge …</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="48" />
        <source>Lengths and speeds in metres, in the plane in which it is drawn</source>
        <translation>Längen und Geschwindigkeiten in Metern, in der Ebene, in der sie gezeichnet ist</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="49" />
        <source>&amp;Floor line …</source>
        <translation>&amp;Bodenlinie …</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="50" />
        <source>Lean and height are measured against it</source>
        <translation>Neigung und Höhe werden an ihr gemessen</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="83" />
        <source>Known length</source>
        <translation>Bekannte Länge</translation>
    </message>
    <message>
        <location filename="../../shell/measuring.py" line="83" />
        <source>How long is it, in metres?</source>
        <translation>Wie lang ist sie in Metern?</translation>
    </message>
</context><context>
    <name>Menus</name>
    <message>
        <location filename="../../shell/menus.py" line="40" />
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="41" />
        <source>&amp;Playback</source>
        <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="42" />
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="43" />
        <source>P&amp;eople</source>
        <translation>&amp;Personen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="44" />
        <source>&amp;Repair</source>
        <translation>&amp;Korrektur</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="45" />
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="46" />
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="49" />
        <source>Open rece&amp;nt</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="79" />
        <source>&amp;Open video …</source>
        <translation>Video ö&amp;ffnen …</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="80" />
        <source>Open &amp;stream …</source>
        <translation>&amp;Stream öffnen …</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="81" />
        <source>Sample s&amp;cene</source>
        <translation>&amp;Beispielszene</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="82" />
        <source>Open &amp;again</source>
        <translation>&amp;Erneut öffnen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="83" />
        <source>Cameras and other so&amp;urces</source>
        <translation>&amp;Kameras und andere Quellen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="348" />
        <location filename="../../shell/menus.py" line="87" />
        <source>&amp;Record</source>
        <translation>&amp;Aufnehmen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="90" />
        <source>Save what is tracked as table and video</source>
        <translation>Das Verfolgte als Tabelle und Video speichern</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="92" />
        <source>&amp;Folder for recordings …</source>
        <translation>&amp;Ordner für Aufnahmen …</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="93" />
        <source>Open the recordings</source>
        <translation>Aufnah&amp;men öffnen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="97" />
        <source>&amp;Live out …</source>
        <translation>Live-Ausgabe …</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="100" />
        <source>Send poses to other programs as they happen</source>
        <translation>Posen an andere Programme senden, während sie entstehen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="105" />
        <source>&amp;Export this file …</source>
        <translation>Diese Datei e&amp;xportieren …</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="108" />
        <source>Analyse every frame and save table and video</source>
        <translation>Jedes Bild auswerten, Tabelle und Video speichern</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="111" />
        <source>&amp;Batch …</source>
        <translation>Stape&amp;lverarbeitung …</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="111" />
        <source>Analyse many files</source>
        <translation>Viele Dateien auswerten</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="115" />
        <source>&amp;Joint angles in tables</source>
        <translation>&amp;Gelenkwinkel in Tabellen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="119" />
        <source>Columns with angles in degrees, in recordings and exports</source>
        <translation>Spalten mit Winkeln in Grad, in Aufnahmen und Exporten</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="122" />
        <source>Se&amp;ttings …</source>
        <translation>E&amp;instellungen …</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="123" />
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="129" />
        <source>&amp;Play or pause</source>
        <translation>&amp;Abspielen oder anhalten</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="130" />
        <source>&amp;Forward one frame</source>
        <translation>Ein Bild &amp;vor</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="131" />
        <source>&amp;Back one frame</source>
        <translation>Ein Bild &amp;zurück</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="133" />
        <source>One second later</source>
        <translation>Eine Sekunde später</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="134" />
        <source>One second earlier</source>
        <translation>Eine Sekunde früher</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="135" />
        <source>Ten seconds later</source>
        <translation>Zehn Sekunden später</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="137" />
        <source>Ten seconds earlier</source>
        <translation>Zehn Sekunden früher</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="139" />
        <source>To the &amp;start</source>
        <translation>Zum An&amp;fang</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="140" />
        <source>To the e&amp;nd</source>
        <translation>Zum &amp;Ende</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="142" />
        <source>S&amp;lower</source>
        <translation>&amp;Langsamer</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="143" />
        <source>F&amp;aster</source>
        <translation>Schnelle&amp;r</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="144" />
        <source>L&amp;oop</source>
        <translation>&amp;Schleife</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="146" />
        <source>Set &amp;in point</source>
        <translation>Anfangs&amp;punkt setzen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="147" />
        <source>Set o&amp;ut point</source>
        <translation>En&amp;dpunkt setzen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="148" />
        <source>&amp;Clear in and out points</source>
        <translation>Punkte lös&amp;chen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="161" />
        <source>&amp;Figures</source>
        <translation>&amp;Messwerte</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="165" />
        <source>Rates, latency, dropped frames, device</source>
        <translation>Bildraten, Verzögerung, ausgelassene Bilder, Gerät</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="168" />
        <source>&amp;Skeletons</source>
        <translation>&amp;Skelette</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="169" />
        <source>&amp;Names</source>
        <translation>&amp;Namen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="170" />
        <source>&amp;Boxes</source>
        <translation>&amp;Rahmen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="171" />
        <source>&amp;Trails</source>
        <translation>S&amp;puren</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="174" />
        <source>&amp;Heatmap</source>
        <translation>&amp;Heatmap</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="178" />
        <source>What the network sees</source>
        <translation>Was das Netz sieht</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="183" />
        <source>One colour per &amp;person</source>
        <translation>&amp;Eine Farbe je Person</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="190" />
        <source>&amp;Left green, right orange</source>
        <translation>&amp;Links grün, rechts orange</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="198" />
        <source>Skeletons &amp;only</source>
        <translation>N&amp;ur Skelette</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="202" />
        <source>Hides the image</source>
        <translation>Verbirgt das Bild</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="206" />
        <source>Blur f&amp;aces</source>
        <translation>&amp;Gesichter verwischen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="210" />
        <source>Of the people who are found</source>
        <translation>Der Personen, die gefunden werden</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="212" />
        <source>&amp;Mirror live images</source>
        <translation>Live-Bilder sp&amp;iegeln</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="214" />
        <source>Zoom &amp;in</source>
        <translation>&amp;Vergrößern</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="215" />
        <source>Zoom o&amp;ut</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="216" />
        <source>&amp;Whole image</source>
        <translation>Gan&amp;zes Bild</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="218" />
        <source>P&amp;eople panel</source>
        <translation>Pers&amp;onenliste</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="219" />
        <source>&amp;Review panel</source>
        <translation>Dur&amp;chsicht</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="220" />
        <source>Plots pane&amp;l</source>
        <translation>&amp;Kurven</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="223" />
        <source>Big numbers</source>
        <translation>Große Zahlen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="227" />
        <source>Repetitions and angle of the locked person, readable from across the room</source>
        <translation>Wiederholungen und Winkel der verfolgten Person, quer durch den Raum lesbar</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="229" />
        <source>F&amp;ull screen</source>
        <translation>Voll&amp;bild</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="233" />
        <source>Theme of the s&amp;ystem</source>
        <translation>Farben des S&amp;ystems</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="240" />
        <source>Li&amp;ght theme</source>
        <translation>Helle &amp;Farben</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="247" />
        <source>&amp;Dark theme</source>
        <translation>&amp;Dunkle Farben</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="257" />
        <source>Lock on the &amp;next person</source>
        <translation>&amp;Nächster Person folgen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="258" />
        <source>Lock on the &amp;largest</source>
        <translation>&amp;Größter Person folgen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="259" />
        <source>Lock on the most &amp;central</source>
        <translation>Person in der &amp;Mitte folgen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="260" />
        <source>&amp;Unlock</source>
        <translation>Nicht mehr &amp;folgen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="262" />
        <source>Go to the &amp;list</source>
        <translation>Zur &amp;Liste</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="263" />
        <source>Go to the &amp;image</source>
        <translation>Zum &amp;Bild</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="269" />
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="270" />
        <source>&amp;Tour</source>
        <translation>&amp;Rundgang</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="270" />
        <source>The first three steps</source>
        <translation>Die ersten drei Schritte</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="271" />
        <source>&amp;About</source>
        <translation>Ü&amp;ber</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="348" />
        <source>Stop &amp;recording</source>
        <translation>&amp;Aufnahme beenden</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="399" />
        <source>Forget all</source>
        <translation>Alle vergessen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="405" />
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="406" />
        <source>Wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="406" />
        <source>Zoom</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="407" />
        <source>Drag</source>
        <translation>Ziehen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="407" />
        <source>Move the image</source>
        <translation>Das Bild verschieben</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="408" />
        <source>Click</source>
        <translation>Klick</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="408" />
        <source>Lock on a person</source>
        <translation>Einer Person folgen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="409" />
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="409" />
        <source>Whole image</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="410" />
        <source>Right click</source>
        <translation>Rechtsklick</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="410" />
        <source>Repair, measure</source>
        <translation>Korrigieren, messen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="411" />
        <source>Drag a joint</source>
        <translation>Gelenk ziehen</translation>
    </message>
    <message>
        <location filename="../../shell/menus.py" line="411" />
        <source>Move it; with Shift only in this image</source>
        <translation>Verschieben; mit Umschalt nur in diesem Bild</translation>
    </message>
</context><context>
    <name>ModelBuilder</name>
    <message>
        <location filename="../../shell/backend.py" line="51" />
        <source>Finding the best model for this machine, once: {0} …</source>
        <translation>Das beste Modell für diesen Rechner wird gesucht, einmalig: {0} …</translation>
    </message>
    <message>
        <location filename="../../shell/backend.py" line="61" />
        <source>The graphics memory is full, so the model runs on the processor, which is slower. Close other programs, or choose a smaller model or input size in Settings.</source>
        <translation>Der Grafikspeicher ist voll, daher läuft das Modell auf dem Prozessor, der langsamer ist. Schließen Sie andere Programme oder wählen Sie in den Einstellungen ein kleineres Modell oder eine kleinere Eingabegröße.</translation>
    </message>
</context><context>
    <name>ModelList</name>
    <message>
        <location filename="../../panels/model_list.py" line="46" />
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="46" />
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="46" />
        <source>Speed here</source>
        <translation>Tempo hier</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="47" />
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="60" />
        <source>Measure speeds</source>
        <translation>Tempo messen</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="61" />
        <source>Run each model for about a second; truest while nothing else runs</source>
        <translation>Jedes Modell etwa eine Sekunde laufen lassen; am treffendsten, wenn sonst nichts läuft</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="63" />
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="64" />
        <source>Add an official LitePose checkpoint or a weights file</source>
        <translation>Eine offizielle LitePose-Datei oder eine Gewichtsdatei hinzufügen</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="96" />
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="96" />
        <source>best that keeps 20 fps</source>
        <translation>bestes mit 20 Bildern/s</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="100" />
        <source>{0} fps at {1} px</source>
        <translation>{0} Bilder/s bei {1} px</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="162" />
        <location filename="../../panels/model_list.py" line="100" />
        <source>not measured yet</source>
        <translation>noch nicht gemessen</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="103" />
        <source>a file of its own</source>
        <translation>eigene Datei</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="134" />
        <source>Measuring …</source>
        <translation>Messung läuft …</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="138" />
        <source>Measuring {0} …</source>
        <translation>{0} wird gemessen …</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="142" />
        <source>Measured on an image of 1280 × 720.</source>
        <translation>Gemessen an einem Bild mit 1280 × 720 Pixeln.</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="165" />
        <source>now {0}, {1} fps at {2} px</source>
        <translation>jetzt {0}, {1} Bilder/s bei {2} px</translation>
    </message>
</context><context>
    <name>ModelLoader</name>
    <message>
        <location filename="../../live/workers.py" line="132" />
        <source>There is not enough memory for this model. Choose a smaller model or input size.</source>
        <translation>Der Speicher reicht für dieses Modell nicht. Wählen Sie ein kleineres Modell oder eine kleinere Eingabegröße.</translation>
    </message>
    <message>
        <location filename="../../live/workers.py" line="133" />
        <source>The model could not be loaded. Choose another model or engine in Settings.</source>
        <translation>Das Modell konnte nicht geladen werden. Wählen Sie in den Einstellungen ein anderes Modell oder Rechenwerk.</translation>
    </message>
</context><context>
    <name>ModelManager</name>
    <message>
        <location filename="../../panels/model_manager.py" line="39" />
        <source>Import a model</source>
        <translation>Ein Modell importieren</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="46" />
        <source>Official LitePose checkpoints (.pth) and weights files (.safetensors). Drop one here or choose it.</source>
        <translation>Offizielle LitePose-Dateien (.pth) und Gewichtsdateien (.safetensors). Eine hierher ziehen oder auswählen.</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="52" />
        <source>No file chosen</source>
        <translation>Keine Datei gewählt</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="55" />
        <source>Choose file …</source>
        <translation>Datei wählen …</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="56" />
        <source>Read a file and show what it is; nothing is installed yet</source>
        <translation>Eine Datei lesen und zeigen, was sie ist; installiert wird noch nichts</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="70" />
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="71" />
        <source>Joints</source>
        <translation>Gelenke</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="72" />
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="73" />
        <source>Source</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="74" />
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="75" />
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="78" />
        <source>Up to 64 lower-case letters, digits, dots, hyphens and underscores</source>
        <translation>Bis zu 64 Kleinbuchstaben, Ziffern, Punkte, Bindestriche und Unterstriche</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="80" />
        <source>Install as</source>
        <translation>Installieren als</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="86" />
        <source>Install</source>
        <translation>Installieren</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="87" />
        <source>Keep a checked copy for this program</source>
        <translation>Eine geprüfte Kopie für dieses Programm behalten</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="110" />
        <source>Checking the file …</source>
        <translation>Die Datei wird geprüft …</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="119" />
        <source>Installing …</source>
        <translation>Wird installiert …</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="135" />
        <source>unknown: not an official release that this program knows</source>
        <translation>unbekannt: keine offizielle Ausgabe, die dieses Programm kennt</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="137" />
        <source>{0}, {1} px, {2} parameters</source>
        <translation>{0}, {1} px, {2} Parameter</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="147" />
        <source>The file is a complete LitePose network.</source>
        <translation>Die Datei ist ein vollständiges LitePose-Netz.</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="161" />
        <source>Installed as {0}.</source>
        <translation>Als {0} installiert.</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="187" />
        <source>Checkpoints (*.pth *.pt *.safetensors)</source>
        <translation>Modelldateien (*.pth *.pt *.safetensors)</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="187" />
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../../panels/model_manager.py" line="188" />
        <source>Choose a checkpoint</source>
        <translation>Modelldatei wählen</translation>
    </message>
</context><context>
    <name>Models</name>
    <message>
        <location filename="../../panels/model_list.py" line="198" />
        <source>{0} {1} on {2} photos at {3} px</source>
        <translation>{0} {1} auf {2} Fotos bei {3} px</translation>
    </message>
    <message>
        <location filename="../../panels/model_list.py" line="200" />
        <source>{0} at {1} px</source>
        <translation>{0} bei {1} px</translation>
    </message>
</context><context>
    <name>PeopleModel</name>
    <message>
        <location filename="../../panels/people_model.py" line="147" />
        <source>Person {0}</source>
        <translation>Person {0}</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="202" />
        <source>Person</source>
        <translation>Person</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="202" />
        <source>Seen</source>
        <translation>Gesehen</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="202" />
        <source>Score</source>
        <translation>Güte</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="205" />
        <source>Tick: shown in the image. F2: rename. Enter or double click: lock</source>
        <translation>Häkchen: im Bild gezeigt. F2: umbenennen. Eingabe oder Doppelklick: folgen</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="206" />
        <source>Time this person was in the image</source>
        <translation>Zeit, die diese Person im Bild war</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="207" />
        <source>Mean confidence of this person's pose</source>
        <translation>Mittlere Sicherheit der Haltung dieser Person</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="280" />
        <source>identity {0} in files</source>
        <translation>in Dateien Nummer {0}</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="281" />
        <source>in the image</source>
        <translation>im Bild</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="281" />
        <source>not in the image now</source>
        <translation>zurzeit nicht im Bild</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="284" />
        <source>locked</source>
        <translation>wird verfolgt</translation>
    </message>
    <message>
        <location filename="../../panels/people_model.py" line="286" />
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
</context><context>
    <name>PeoplePanel</name>
    <message>
        <location filename="../../panels/people_panel.py" line="61" />
        <source>Follow the selected person with view and plots (Enter)</source>
        <translation>Der ausgewählten Person mit Bild und Kurven folgen (Eingabe)</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="63" />
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="64" />
        <source>Give the selected person a name (F2)</source>
        <translation>Der ausgewählten Person einen Namen geben (F2)</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="66" />
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="67" />
        <source>Show every person in the image again</source>
        <translation>Wieder alle Personen im Bild zeigen</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="126" />
        <source>Nobody seen yet</source>
        <translation>Noch niemand gesehen</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="128" />
        <source>{0} in the image, {1} in all</source>
        <translation>{0} im Bild, {1} insgesamt</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="190" />
        <location filename="../../panels/people_panel.py" line="143" />
        <source>Lock</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="190" />
        <location filename="../../panels/people_panel.py" line="143" />
        <source>Release</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="150" />
        <source>Lock or release</source>
        <translation>Folgen oder freigeben</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="152" />
        <source>Rename …</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="154" />
        <source>Show or hide</source>
        <translation>Zeigen oder verbergen</translation>
    </message>
    <message>
        <location filename="../../panels/people_panel.py" line="156" />
        <source>Sort by {0}</source>
        <translation>Nach {0} ordnen</translation>
    </message>
</context><context>
    <name>PlotPanel</name>
    <message>
        <location filename="../../panels/plot_panel.py" line="292" />
        <location filename="../../panels/plot_panel.py" line="68" />
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="70" />
        <source>Choose up to {0} angles and coordinates</source>
        <translation>Bis zu {0} Winkel und Koordinaten wählen</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="75" />
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="78" />
        <location filename="../../panels/plot_panel.py" line="77" />
        <source>Seconds shown</source>
        <translation>Gezeigte Sekunden</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="83" />
        <source>Curves and their newest values</source>
        <translation>Kurven und ihre neuesten Werte</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="84" />
        <source>angle (°)</source>
        <translation>Winkel (°)</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="85" />
        <source>position (px)</source>
        <translation>Position (px)</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="86" />
        <source>Joint angles over time</source>
        <translation>Gelenkwinkel im Zeitverlauf</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="87" />
        <source>Keypoint coordinates over time</source>
        <translation>Koordinaten der Gelenke im Zeitverlauf</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="89" />
        <source>time (s)</source>
        <translation>Zeit (s)</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="208" />
        <source>{0}, not seen now</source>
        <translation>{0}, zurzeit nicht zu sehen</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="212" />
        <source>Person {0}</source>
        <translation>Person {0}</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="231" />
        <source>No curve chosen</source>
        <translation>Keine Kurve gewählt</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="278" />
        <source>Lock a person to see how joint angles and positions change.</source>
        <translation>Folgen Sie einer Person, um den Verlauf ihrer Gelenkwinkel und Positionen zu sehen.</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="296" />
        <source>Across the image (x)</source>
        <translation>Quer im Bild (x)</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="296" />
        <source>Down the image (y)</source>
        <translation>Abwärts im Bild (y)</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="300" />
        <source>in pixels of the image</source>
        <translation>in Pixeln des Bildes</translation>
    </message>
    <message>
        <location filename="../../panels/plot_panel.py" line="302" />
        <source>No curves</source>
        <translation>Keine Kurven</translation>
    </message>
</context><context>
    <name>Recording</name>
    <message>
        <location filename="../../live/recording.py" line="82" />
        <source>The model's joints have changed, so the recording was ended. Start a new one to go on.</source>
        <translation>Die Gelenke des Modells haben sich geändert, daher wurde die Aufnahme beendet. Starten Sie eine neue, um fortzufahren.</translation>
    </message>
    <message>
        <location filename="../../live/recording.py" line="110" />
        <source>Nothing was recorded: no image had come yet.</source>
        <translation>Es wurde nichts aufgenommen: Es war noch kein Bild gekommen.</translation>
    </message>
    <message>
        <location filename="../../live/recording.py" line="167" />
        <source>The disk is full, so the recording was ended; what was recorded is saved. Free some space first.</source>
        <translation>Der Datenträger ist voll, daher wurde die Aufnahme beendet; das Aufgenommene ist gespeichert. Schaffen Sie zuerst Platz.</translation>
    </message>
</context><context>
    <name>RepairDialog</name>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="66" />
        <source>Person</source>
        <translation>Person</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="68" />
        <source>The other person</source>
        <translation>Die andere Person</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="75" />
        <source>&amp;With</source>
        <translation>&amp;Mit</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="78" />
        <source>all joints</source>
        <translation>alle Gelenke</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="82" />
        <source>&amp;Joint</source>
        <translation>&amp;Gelenk</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="98" />
        <source>From here to the &amp;end</source>
        <translation>Von hier bis zum &amp;Ende</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="99" />
        <source>From the &amp;beginning to here</source>
        <translation>Vom &amp;Anfang bis hier</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="101" />
        <source>&amp;Only in this image</source>
        <translation>&amp;Nur in diesem Bild</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="103" />
        <source>In the whole &amp;video</source>
        <translation>Im ganzen &amp;Video</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="106" />
        <source>In the &amp;doubtful moment, frames {0} to {1}</source>
        <translation>An der zweifelhaften &amp;Stelle, Bilder {0} bis {1}</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="109" />
        <source>Between the &amp;in and out points</source>
        <translation>&amp;Zwischen Anfangs- und Endpunkt</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="118" />
        <source>For a longer stretch, set in and out points first (I, O).</source>
        <translation>Für eine längere Strecke zuerst Anfangs- und Endpunkt setzen (I, O).</translation>
    </message>
    <message>
        <location filename="../../analysis/repair_dialog.py" line="122" />
        <source>Where</source>
        <translation>Wo</translation>
    </message>
</context><context>
    <name>Repairs</name>
    <message>
        <location filename="../../shell/repairs.py" line="40" />
        <source>&amp;Analyse or stop</source>
        <translation>&amp;Auswerten oder anhalten</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="41" />
        <source>Look at every frame in the background; then play, review and repair</source>
        <translation>Im Hintergrund jedes Bild auswerten; danach abspielen, durchsehen und korrigieren</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="42" />
        <source>&amp;Next doubtful moment</source>
        <translation>&amp;Nächste zweifelhafte Stelle</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="43" />
        <source>&amp;Previous doubtful moment</source>
        <translation>&amp;Vorige zweifelhafte Stelle</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="44" />
        <source>Mar&amp;k as checked</source>
        <translation>Als &amp;geprüft abhaken</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="45" />
        <source>Takes the doubtful moment off the list, or puts it back</source>
        <translation>Nimmt die zweifelhafte Stelle aus der Liste oder wieder hinein</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="47" />
        <source>&amp;Swap with …</source>
        <translation>&amp;Tauschen mit …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="48" />
        <source>&amp;Merge into …</source>
        <translation>Ver&amp;einen mit …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="49" />
        <source>Somebody &amp;else from here on</source>
        <translation>Ab hier &amp;jemand anderes</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="50" />
        <source>&amp;Delete …</source>
        <translation>&amp;Löschen …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="51" />
        <source>Nobody else c&amp;ounts</source>
        <translation>Nur diese Person &amp;zählt</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="53" />
        <source>Next &amp;joint</source>
        <translation>Nächstes Gelen&amp;k</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="54" />
        <source>Then arrow keys move it; in a still image it can be dragged, too</source>
        <translation>Danach verschieben es die Pfeiltasten; im stehenden Bild lässt es sich auch ziehen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="55" />
        <source>Previous joint</source>
        <translation>Voriges Gelenk</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="56" />
        <source>&amp;Hide joint …</source>
        <translation>Gelenk a&amp;usblenden …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="57" />
        <source>E&amp;xchange left and right …</source>
        <translation>Links und re&amp;chts tauschen …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="58" />
        <source>&amp;Bridge …</source>
        <translation>Überbrücken …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="59" />
        <source>Straight from the frame before to the frame after</source>
        <translation>Geradewegs vom Bild davor zum Bild danach</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="61" />
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="62" />
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="64" />
        <source>Open table</source>
        <translation>Tabelle öffnen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="65" />
        <source>The CSV file with everybody's joints in every frame, repairs included</source>
        <translation>Die CSV-Datei mit den Gelenken aller in jedem Bild, mit allen Korrekturen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="66" />
        <source>Repor&amp;t …</source>
        <translation>&amp;Bericht …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="67" />
        <source>One page about this video: who was there when, doubtful moments, angles, speeds</source>
        <translation>Eine Seite über dieses Video: wer wann da war, zweifelhafte Stellen, Winkel, Geschwindigkeiten</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="80" />
        <source>Swap with …</source>
        <translation>Tauschen mit …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="81" />
        <source>Merge into …</source>
        <translation>Vereinen mit …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="82" />
        <source>Somebody else from here on</source>
        <translation>Ab hier jemand anderes</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="83" />
        <source>Delete …</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="84" />
        <source>Exchange left and right …</source>
        <translation>Links und rechts tauschen …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="85" />
        <source>Bridge …</source>
        <translation>Überbrücken …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="86" />
        <source>Nobody else counts</source>
        <translation>Nur diese Person zählt</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="93" />
        <source>Hide {joint} here</source>
        <translation>{joint}: hier ausblenden</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="95" />
        <source>Hide {joint} …</source>
        <translation>{joint}: ausblenden …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="96" />
        <source>Bridge {joint} …</source>
        <translation>{joint}: überbrücken …</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="104" />
        <source>Put here</source>
        <translation>Hierher setzen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="115" />
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="119" />
        <source>Merge</source>
        <translation>Vereinen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="123" />
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="126" />
        <source>Exchange left and right</source>
        <translation>Links und rechts tauschen</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="131" />
        <source>Hide joint</source>
        <translation>Gelenk ausblenden</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="140" />
        <source>Bridge</source>
        <translation>Überbrücken</translation>
    </message>
    <message>
        <location filename="../../shell/repairs.py" line="198" />
        <source>Choose a person first: click on them, or press N.</source>
        <translation>Wählen Sie zuerst eine Person: durch Klick oder mit N.</translation>
    </message>
</context><context>
    <name>Review</name>
    <message>
        <location filename="../../analysis/words.py" line="14" />
        <source>{a} begins in mid-image</source>
        <translation>{a} beginnt mitten im Bild</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="15" />
        <source>{a} ends in mid-image</source>
        <translation>{a} endet mitten im Bild</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="16" />
        <source>{a} ends, {b} begins nearby: one person?</source>
        <translation>{a} endet, {b} beginnt daneben: eine Person?</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="17" />
        <source>{a} and {b} touch: exchanged?</source>
        <translation>{a} und {b} berühren sich: vertauscht?</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="18" />
        <source>{a} was away: somebody else since?</source>
        <translation>{a} war weg: seither jemand anderes?</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="19" />
        <source>{a} jumps: somebody else since?</source>
        <translation>{a} springt: seither jemand anderes?</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="20" />
        <source>{a}: {joint} jumps</source>
        <translation>{a}: {joint} springt</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="21" />
        <source>{a}: joints of two people?</source>
        <translation>{a}: Gelenke zweier Personen?</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="22" />
        <source>{a} is hardly seen</source>
        <translation>{a} ist kaum zu sehen</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="23" />
        <source>{a} does not move at all: a picture?</source>
        <translation>{a} bewegt sich gar nicht: ein Bild?</translation>
    </message>
    <message>
        <location filename="../../analysis/words.py" line="24" />
        <source>Another shot begins</source>
        <translation>Eine andere Einstellung beginnt</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="269" />
        <source>checked</source>
        <translation>geprüft</translation>
    </message>
</context><context>
    <name>ReviewPanel</name>
    <message>
        <location filename="../../analysis/review_panel.py" line="52" />
        <source>Looks at every frame in the background, or stops that (Ctrl+Shift+A)</source>
        <translation>Betrachtet im Hintergrund jedes Bild oder hält damit an (Strg+Umschalt+A)</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="60" />
        <source>Doubtful moments, worst first</source>
        <translation>Zweifelhafte Stellen, die schlimmsten zuerst</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="64" />
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="65" />
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="66" />
        <source>Takes the last repair back (Ctrl+Z)</source>
        <translation>Nimmt die letzte Korrektur zurück (Strg+Z)</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="67" />
        <source>Does it again (Ctrl+Shift+Z)</source>
        <translation>Führt sie wieder aus (Strg+Umschalt+Z)</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="226" />
        <location filename="../../analysis/review_panel.py" line="70" />
        <source>Checked</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="71" />
        <source>Takes the doubtful moment off the list, or puts it back (K)</source>
        <translation>Nimmt die zweifelhafte Stelle aus der Liste oder wieder hinein (K)</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="74" />
        <source>At the end of the list; from there they can be put back</source>
        <translation>Am Ende der Liste; von dort lassen sie sich zurückholen</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="81" />
        <source>Open table</source>
        <translation>Tabelle öffnen</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="82" />
        <source>The CSV file with everybody's joints in every frame, repairs included</source>
        <translation>Die CSV-Datei mit den Gelenken aller in jedem Bild, mit allen Korrekturen</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="84" />
        <source>Report …</source>
        <translation>Bericht …</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="85" />
        <source>One page to look at, print or send</source>
        <translation>Eine Seite zum Ansehen, Drucken oder Verschicken</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="114" />
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="116" />
        <source>Go on analysing</source>
        <translation>Weiter auswerten</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="116" />
        <source>Analyse</source>
        <translation>Auswerten</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="133" />
        <source>Show what is checked ({0})</source>
        <translation>Geprüftes zeigen ({0})</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="186" />
        <source>An analysis looks at every frame once. After that the video plays without waiting for the network, and identities can be reviewed and repaired.</source>
        <translation>Eine Auswertung betrachtet jedes Bild einmal. Danach läuft das Video, ohne auf das Netz zu warten, und Identitäten lassen sich durchsehen und korrigieren.</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="189" />
        <source>Loading the model …</source>
        <translation>Modell wird geladen …</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="199" />
        <location filename="../../analysis/review_panel.py" line="191" />
        <source>Reading the analysis …</source>
        <translation>Auswertung wird gelesen …</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="194" />
        <source>Open a video file to analyse it.</source>
        <translation>Öffnen Sie eine Videodatei, um sie auszuwerten.</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="202" />
        <source>Doubtful moments, worst first: {0}</source>
        <translation>Zweifelhafte Stellen, die schlimmsten zuerst: {0}</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="203" />
        <source>Nothing is doubtful.</source>
        <translation>Nichts ist zweifelhaft.</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="207" />
        <source>Analysing: {0} frames</source>
        <translation>Auswertung: {0} Bilder</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="210" />
        <source>Analysing: {0}</source>
        <translation>Auswertung: {0}</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="213" />
        <source>Analysing: {0}, {1} left</source>
        <translation>Auswertung: {0}, noch {1}</translation>
    </message>
    <message>
        <location filename="../../analysis/review_panel.py" line="226" />
        <source>Check again</source>
        <translation>Wieder prüfen</translation>
    </message>
</context><context>
    <name>Reviewing</name>
    <message>
        <location filename="../../shell/reviewing.py" line="86" />
        <source>Analyse files in the background, to play them smoothly and to repair identities?</source>
        <translation>Dateien im Hintergrund auswerten, um sie flüssig abzuspielen und Identitäten zu korrigieren?</translation>
    </message>
    <message>
        <location filename="../../shell/reviewing.py" line="88" />
        <source>Analyse</source>
        <translation>Auswerten</translation>
    </message>
    <message>
        <location filename="../../shell/reviewing.py" line="111" />
        <source>An edit does not fit this tracking any more and is left out: {0}</source>
        <translation>Eine Korrektur passt nicht mehr zu dieser Verfolgung und wird ausgelassen: {0}</translation>
    </message>
    <message>
        <location filename="../../shell/reviewing.py" line="144" />
        <source>The report is saved as {0}.</source>
        <translation>Der Bericht ist als {0} gespeichert.</translation>
    </message>
    <message>
        <location filename="../../shell/reviewing.py" line="146" />
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
</context><context>
    <name>Session</name>
    <message>
        <location filename="../../live/session.py" line="104" />
        <location filename="../../live/session_state.py" line="115" />
        <source>Opening …</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <location filename="../../live/session_state.py" line="117" />
        <source>Waiting for the next image …</source>
        <translation>Warten auf das nächste Bild …</translation>
    </message>
    <message>
        <location filename="../../live/session_state.py" line="122" />
        <source>Loading the model …</source>
        <translation>Das Modell wird geladen …</translation>
    </message>
    <message>
        <location filename="../../live/session.py" line="288" />
        <source>none</source>
        <translation>keins</translation>
    </message>
    <message>
        <location filename="../../live/session.py" line="366" />
        <source>The memory of {device} is full, so the processor takes over and everything is slower. Close other programs, or choose a smaller model or input size in Settings.</source>
        <translation>Der Speicher von {device} ist voll, daher übernimmt der Prozessor und alles wird langsamer. Schließen Sie andere Programme oder wählen Sie in den Einstellungen ein kleineres Modell oder eine kleinere Eingabegröße.</translation>
    </message>
    <message>
        <location filename="../../live/session.py" line="394" />
        <source>The recording is saved.</source>
        <translation>Die Aufnahme ist gespeichert.</translation>
    </message>
    <message>
        <location filename="../../live/session.py" line="398" />
        <source>This part is recorded already; the recording goes on where it was.</source>
        <translation>Dieser Teil ist schon aufgezeichnet; die Aufzeichnung geht dort weiter, wo sie war.</translation>
    </message>
</context><context>
    <name>Settings</name>
    <message>
        <location filename="../../panels/settings_fields.py" line="140" />
        <location filename="../../panels/settings_fields.py" line="58" />
        <location filename="../../panels/settings_fields.py" line="56" />
        <location filename="../../panels/settings_fields.py" line="51" />
        <location filename="../../panels/settings_fields.py" line="45" />
        <location filename="../../panels/settings_fields.py" line="43" />
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="46" />
        <source>processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="47" />
        <source>NVIDIA graphics</source>
        <translation>NVIDIA-Grafik</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="48" />
        <source>Apple graphics</source>
        <translation>Apple-Grafik</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="59" />
        <source>one: shown soonest</source>
        <translation>eines: am schnellsten zu sehen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="60" />
        <source>two: more per second</source>
        <translation>zwei: mehr pro Sekunde</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="142" />
        <location filename="../../panels/settings_fields.py" line="63" />
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="64" />
        <source>by the same model</source>
        <translation>durch dasselbe Modell</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="68" />
        <source>everybody</source>
        <translation>alle</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="69" />
        <source>the locked person</source>
        <translation>die verfolgte Person</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="72" />
        <source>short side: more detail</source>
        <translation>kurze Seite: mehr Einzelheiten</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="73" />
        <source>long side: quicker</source>
        <translation>lange Seite: schneller</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="78" />
        <source>Input size</source>
        <translation>Eingabegröße</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="79" />
        <source>Pixels that the network sees: fewer are quicker, more find smaller people; automatic suits the model</source>
        <translation>Pixel, die das Netz sieht: weniger sind schneller, mehr finden kleinere Personen; „automatisch“ passt zum Modell</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="87" />
        <source>Counted along</source>
        <translation>Gezählt entlang</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="88" />
        <source>The side of the image that gets the input size</source>
        <translation>Die Seite des Bildes, die die Eingabegröße bekommt</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="93" />
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="94" />
        <source>Where the network runs</source>
        <translation>Wo das Netz läuft</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="99" />
        <source>Engine</source>
        <translation>Rechenwerk</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="100" />
        <source>The program that runs the network</source>
        <translation>Das Programm, das das Netz ausführt</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="105" />
        <source>Precision</source>
        <translation>Zahlenformat</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="106" />
        <source>Fewer bits are quicker where the device supports them; automatic checks the result</source>
        <translation>Weniger Bit sind schneller, wo das Gerät sie beherrscht; „automatisch“ prüft das Ergebnis</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="111" />
        <source>Parallel inference requests</source>
        <translation>Bilder zugleich</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="112" />
        <source>How many images the network works on: two are more per second, but each is shown later; automatic takes two for files and quick models</source>
        <translation>An wie vielen Bildern das Netz zugleich arbeitet: zwei sind mehr pro Sekunde, aber jedes erscheint später; „automatisch“ nimmt zwei bei Dateien und schnellen Modellen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="121" />
        <source>Second look</source>
        <translation>Zweiter Blick</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="122" />
        <source>People are looked at again, enlarged: sharper joints, less per second</source>
        <translation>Personen werden noch einmal vergrößert angesehen: genauere Gelenke, weniger Bilder pro Sekunde</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="127" />
        <source>Second look for</source>
        <translation>Zweiter Blick für</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="128" />
        <source>In the live image; files have nobody who is locked</source>
        <translation>Im Livebild; in Dateien wird niemand verfolgt</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="133" />
        <source>Look twice, mirrored too (half the speed)</source>
        <translation>Zweimal hinsehen, auch gespiegelt (halbes Tempo)</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="134" />
        <source>Average with the mirrored image: a little more accurate</source>
        <translation>Mit dem gespiegelten Bild mitteln: etwas genauer</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="143" />
        <source>live, with little delay</source>
        <translation>live, mit wenig Verzögerung</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="144" />
        <source>in files only, without delay</source>
        <translation>nur in Dateien, ohne Verzögerung</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="149" />
        <source>Joint threshold</source>
        <translation>Schwelle für Gelenke</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="150" />
        <source>Joints less certain than this are not used; automatic suits the model</source>
        <translation>Unsicherere Gelenke werden nicht verwendet; automatisch passt zum Modell</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="155" />
        <source>Person threshold</source>
        <translation>Schwelle für Personen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="156" />
        <source>People less certain than this are left out</source>
        <translation>Unsicherere Personen werden weggelassen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="161" />
        <source>Most people</source>
        <translation>Höchstens Personen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="162" />
        <source>The most certain so many people are kept in each frame</source>
        <translation>So viele der sichersten Personen werden in jedem Bild behalten</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="167" />
        <source>Search for missing joints</source>
        <translation>Fehlende Gelenke suchen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="168" />
        <source>Look again for joints that were missed at first</source>
        <translation>Nach zunächst übersehenen Gelenken noch einmal suchen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="172" />
        <source>New person from</source>
        <translation>Neue Person ab</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="173" />
        <source>People less certain than this do not get an identity of their own</source>
        <translation>Unsicherere Personen bekommen keine eigene Nummer</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="178" />
        <source>Remember hidden people</source>
        <translation>Verdeckte Personen merken</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="179" />
        <source>Somebody unseen for longer gets a new identity</source>
        <translation>Wer länger nicht zu sehen ist, bekommt eine neue Nummer</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="184" />
        <source>Show where hidden people should be</source>
        <translation>Zeigen, wo verdeckte Personen sein müssten</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="185" />
        <source>Show and save the expected position of people who are hidden for the moment</source>
        <translation>Die erwartete Position vorübergehend verdeckter Personen zeigen und speichern</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="189" />
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="190" />
        <source>Calms trembling joints</source>
        <translation>Beruhigt zitternde Gelenke</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="195" />
        <source>Smoothing cutoff</source>
        <translation>Grenzfrequenz</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="196" />
        <source>Of live smoothing: lower is calmer and later</source>
        <translation>Der Glättung bei Live-Bildern: niedriger ist ruhiger und später</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="204" />
        <source>one per person</source>
        <translation>eine je Person</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="205" />
        <source>left green, right orange</source>
        <translation>links grün, rechts orange</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="208" />
        <source>the image</source>
        <translation>das Bild</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="209" />
        <source>plain: skeletons only</source>
        <translation>leer: nur Skelette</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="214" />
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="215" />
        <source>Of skeletons</source>
        <translation>Der Skelette</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="220" />
        <source>Background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="221" />
        <source>Plain hides everything but the skeletons</source>
        <translation>„Leer“ verbirgt alles außer den Skeletten</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="226" />
        <source>Line thickness</source>
        <translation>Linienstärke</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="227" />
        <source>Times the usual one</source>
        <translation>Vielfaches der üblichen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="232" />
        <source>Draw joints from</source>
        <translation>Gelenke zeichnen ab</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="233" />
        <source>Joints less certain than this are not drawn</source>
        <translation>Unsicherere Gelenke werden nicht gezeichnet</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="236" />
        <source>Skeletons</source>
        <translation>Skelette</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="236" />
        <source>Lines and joints</source>
        <translation>Linien und Gelenke</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="237" />
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="237" />
        <source>A frame around each person</source>
        <translation>Ein Rahmen um jede Person</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="238" />
        <source>Labels</source>
        <translation>Namen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="238" />
        <source>Names or numbers of people</source>
        <translation>Namen oder Nummern der Personen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="241" />
        <source>Trails</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="242" />
        <source>Where each person was during the last second</source>
        <translation>Wo jede Person in der letzten Sekunde war</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="246" />
        <source>Blur faces</source>
        <translation>Gesichter verwischen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="247" />
        <source>Faces of people who are found become unrecognisable</source>
        <translation>Gesichter der gefundenen Personen werden unkenntlich</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="250" />
        <source>Mirror the live image</source>
        <translation>Das Live-Bild spiegeln</translation>
    </message>
    <message>
        <location filename="../../panels/settings_fields.py" line="250" />
        <source>Cameras only</source>
        <translation>Nur bei Kameras</translation>
    </message>
</context><context>
    <name>SettingsDialog</name>
    <message>
        <location filename="../../panels/settings_dialog.py" line="51" />
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="75" />
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="76" />
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="77" />
        <source>Drawing</source>
        <translation>Zeichnung</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="81" />
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="82" />
        <source>Set everything back to how it came</source>
        <translation>Alles auf den Anfangszustand zurücksetzen</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="212" />
        <location filename="../../panels/settings_dialog.py" line="191" />
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="209" />
        <source>as the desktop</source>
        <translation>wie die Arbeitsfläche</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="209" />
        <source>light</source>
        <translation>hell</translation>
    </message>
    <message>
        <location filename="../../panels/settings_dialog.py" line="209" />
        <source>dark</source>
        <translation>dunkel</translation>
    </message>
</context><context>
    <name>ShortcutSheet</name>
    <message>
        <location filename="../../shell/shortcuts.py" line="32" />
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
</context><context>
    <name>SourcePicker</name>
    <message>
        <location filename="../../shell/source_picker.py" line="69" />
        <source>What do you want to look at?</source>
        <translation>Was möchten Sie ansehen?</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="75" />
        <source>Open video …</source>
        <translation>Video öffnen …</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="75" />
        <source>A video or image file (Ctrl+O)</source>
        <translation>Eine Video- oder Bilddatei (Strg+O)</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="78" />
        <source>Sample scene</source>
        <translation>Beispielszene</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="78" />
        <source>Rendered people walking about: works without camera and video</source>
        <translation>Gezeichnete Personen, die umhergehen: geht ohne Kamera und Video</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="86" />
        <source>Cameras</source>
        <translation>Kameras</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="87" />
        <source>Look again</source>
        <translation>Neu suchen</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="88" />
        <source>Look for cameras again (F5)</source>
        <translation>Noch einmal nach Kameras suchen (F5)</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="98" />
        <source>No camera was found. Connect one and look again, or check that this program may use it.</source>
        <translation>Es wurde keine Kamera gefunden. Schließen Sie eine an und suchen Sie neu, oder prüfen Sie, ob dieses Programm sie verwenden darf.</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="106" />
        <source>Address of a stream</source>
        <translation>Adresse eines Streams</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="109" />
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="110" />
        <source>Show the stream at this address (Enter)</source>
        <translation>Den Stream an dieser Adresse zeigen (Enter)</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="116" />
        <source>Recent</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="118" />
        <source>Recent sources</source>
        <translation>Zuletzt geöffnete Quellen</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="130" />
        <source>Choose below, or drop a video anywhere on this window.</source>
        <translation>Unten auswählen oder ein Video irgendwo auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="140" />
        <source>Stream</source>
        <translation>Stream</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="182" />
        <source>size as it comes</source>
        <translation>Größe wie geliefert</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="183" />
        <source>The size of image that cameras are asked for: larger ones cost computing time</source>
        <translation>Bildgröße, die von Kameras angefordert wird; größere kosten mehr Rechenzeit</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="184" />
        <source>Image size of cameras</source>
        <translation>Bildgröße der Kameras</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="280" />
        <source>{name} (camera {index})</source>
        <translation>{name} (Kamera {index})</translation>
    </message>
    <message>
        <location filename="../../shell/source_picker.py" line="293" />
        <source>{name} (no image)</source>
        <translation>{name} (kein Bild)</translation>
    </message>
</context><context>
    <name>Task</name>
    <message>
        <location filename="../../panels/task.py" line="52" />
        <source>There is not enough memory for this.</source>
        <translation>Dafür reicht der Speicher nicht.</translation>
    </message>
    <message>
        <location filename="../../panels/task.py" line="54" />
        <source>This needs {0}, which is not installed here.</source>
        <translation>Dafür wird {0} gebraucht, das hier nicht installiert ist.</translation>
    </message>
    <message>
        <location filename="../../panels/task.py" line="57" />
        <source>This failed unexpectedly ({0}).</source>
        <translation>Das ist unerwartet fehlgeschlagen ({0}).</translation>
    </message>
</context><context>
    <name>Timeline</name>
    <message>
        <location filename="../../shell/timeline.py" line="42" />
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <location filename="../../shell/timeline.py" line="43" />
        <source>Left and right arrows seek by a second, page keys by ten</source>
        <translation>Pfeile links und rechts springen um eine Sekunde, Bildtasten um zehn</translation>
    </message>
</context><context>
    <name>Tools</name>
    <message>
        <location filename="../../shell/tools.py" line="138" />
        <source>Folder for recordings</source>
        <translation>Ordner für Aufnahmen</translation>
    </message>
    <message>
        <location filename="../../shell/tools.py" line="147" />
        <source>There are no recordings yet; they will be in {0}.</source>
        <translation>Es gibt noch keine Aufnahmen; sie kommen nach {0}.</translation>
    </message>
    <message>
        <location filename="../../shell/tools.py" line="156" />
        <source>Open a video or image</source>
        <translation>Ein Video oder Bild öffnen</translation>
    </message>
    <message>
        <location filename="../../shell/tools.py" line="158" />
        <source>Videos and images ({patterns})</source>
        <translation>Videos und Bilder ({patterns})</translation>
    </message>
    <message>
        <location filename="../../shell/tools.py" line="158" />
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../../shell/tools.py" line="170" />
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <location filename="../../shell/tools.py" line="176" />
        <source>About LitePose Studio</source>
        <translation>Über LitePose Studio</translation>
    </message>
    <message>
        <location filename="../../shell/tools.py" line="177" />
        <source>LitePose Studio

Finds and follows people in videos and live images, on this machine alone.</source>
        <translation>LitePose Studio

Findet und verfolgt Personen in Videos und Live-Bildern, allein auf diesem Rechner.</translation>
    </message>
</context><context>
    <name>Tour</name>
    <message>
        <location filename="../../shell/tour.py" line="18" />
        <source>Choose a camera, a video or the sample scene below. Everything stays on this machine.</source>
        <translation>Wählen Sie unten eine Kamera, ein Video oder die Beispielszene. Alles bleibt auf diesem Rechner.</translation>
    </message>
    <message>
        <location filename="../../shell/tour.py" line="19" />
        <source>Click a person to follow; the panels at the side list people, and plot joints and angles. F1 shows all keys.</source>
        <translation>Klicken Sie eine Person an, um ihr zu folgen; die Leisten daneben zeigen alle Personen und Kurven von Gelenken und Winkeln. F1 zeigt alle Tasten.</translation>
    </message>
    <message>
        <location filename="../../shell/tour.py" line="23" />
        <source>Analyse, at the side, looks at every frame of a file: then there is its table, and who is who can be repaired. R records what you see; Live out in the File menu sends poses to other programs.</source>
        <translation>Auswerten, an der Seite, betrachtet jedes Bild einer Datei: Danach gibt es ihre Tabelle, und wer wer ist, lässt sich korrigieren. R nimmt auf, was Sie sehen; Live-Ausgabe im Menü Datei sendet Posen an andere Programme.</translation>
    </message>
    <message>
        <location filename="../../shell/tour.py" line="35" />
        <source>To the next step</source>
        <translation>Zum nächsten Schritt</translation>
    </message>
    <message>
        <location filename="../../shell/tour.py" line="41" />
        <location filename="../../shell/tour.py" line="40" />
        <source>Close the tour</source>
        <translation>Rundgang schließen</translation>
    </message>
    <message>
        <location filename="../../shell/tour.py" line="69" />
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <location filename="../../shell/tour.py" line="72" />
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <location filename="../../shell/tour.py" line="72" />
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
</context><context>
    <name>Transport</name>
    <message>
        <location filename="../../shell/transport.py" line="56" />
        <source>Back one frame (,)</source>
        <translation>Ein Bild zurück (,)</translation>
    </message>
    <message>
        <location filename="../../shell/transport.py" line="57" />
        <source>Play or pause (Space)</source>
        <translation>Abspielen oder anhalten (Leertaste)</translation>
    </message>
    <message>
        <location filename="../../shell/transport.py" line="58" />
        <source>Forward one frame (.)</source>
        <translation>Ein Bild vor (.)</translation>
    </message>
    <message>
        <location filename="../../shell/transport.py" line="59" />
        <source>Play in a loop (L)</source>
        <translation>In einer Schleife abspielen (L)</translation>
    </message>
    <message>
        <location filename="../../shell/transport.py" line="71" />
        <source>LIVE</source>
        <translation>LIVE</translation>
    </message>
    <message>
        <location filename="../../shell/transport.py" line="80" />
        <source>Playing speed ([ slower, ] faster)</source>
        <translation>Wiedergabetempo ([ langsamer, ] schneller)</translation>
    </message>
    <message>
        <location filename="../../shell/transport.py" line="81" />
        <source>Playing speed</source>
        <translation>Wiedergabetempo</translation>
    </message>
</context><context>
    <name>VideoView</name>
    <message>
        <location filename="../../view/video_view.py" line="62" />
        <source>Video image</source>
        <translation>Videobild</translation>
    </message>
</context><context>
    <name>_Digits</name>
    <message>
        <location filename="../../panels/big_numbers.py" line="123" />
        <source>{0} repetitions, angle {1}</source>
        <translation>{0} Wiederholungen, Winkel {1}</translation>
    </message>
    <message>
        <location filename="../../panels/big_numbers.py" line="141" />
        <source>repetitions</source>
        <translation>Wiederholungen</translation>
    </message>
</context><context>
    <name>_PeopleView</name>
    <message>
        <location filename="../../panels/people_panel.py" line="204" />
        <source>People</source>
        <translation>Personen</translation>
    </message>
</context></TS>
