<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>Application</name>
    <message>
        <location filename="../application.py" line="57" />
        <source>The usual settings are used.</source>
        <translation>Die üblichen Einstellungen werden verwendet.</translation>
    </message>
    <message>
        <location filename="../application.py" line="124" />
        <source>Something unexpected went wrong ({name}). You can go on; if it happens again, restart.</source>
        <translation>Etwas Unerwartetes ist schiefgegangen ({name}). Sie können weitermachen; passiert es wieder, starten Sie neu.</translation>
    </message>
</context><context>
    <name>Banner</name>
    <message>
        <location filename="../banner.py" line="37" />
        <location filename="../banner.py" line="36" />
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context><context>
    <name>BatchQueue</name>
    <message>
        <location filename="../panels/batch_queue.py" line="46" />
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="46" />
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="46" />
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="47" />
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="60" />
        <source>Drop videos, pictures or folders here.</source>
        <translation>Videos, Bilder oder Ordner hierher ziehen.</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="105" />
        <source>{0} frames, {1} fps</source>
        <translation>{0} Bilder, {1} Bilder/s</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="140" />
        <source>{0} %, {1} left</source>
        <translation>{0} %, noch {1}</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="142" />
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="143" />
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="144" />
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="145" />
        <source>done before</source>
        <translation>schon fertig</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="146" />
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../panels/batch_queue.py" line="147" />
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
</context><context>
    <name>BatchRunner</name>
    <message>
        <location filename="../panels/batch_runner.py" line="88" />
        <source>The model could not be loaded ({0}).</source>
        <translation>Das Modell konnte nicht geladen werden ({0}).</translation>
    </message>
    <message>
        <location filename="../panels/batch_runner.py" line="103" />
        <source>not begun</source>
        <translation>nicht begonnen</translation>
    </message>
    <message>
        <location filename="../panels/batch_runner.py" line="130" />
        <source>Loading the model …</source>
        <translation>Das Modell wird geladen …</translation>
    </message>
</context><context>
    <name>BatchWindow</name>
    <message>
        <location filename="../panels/batch_window.py" line="47" />
        <source>Annotate files</source>
        <translation>Dateien auswerten</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="80" />
        <source>{0} in the queue</source>
        <translation>{0} in der Warteschlange</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="106" />
        <source>The end must be later than the beginning.</source>
        <translation>Das Ende muss nach dem Anfang liegen.</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="118" />
        <source>Stopping …</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="153" />
        <source>{0} done</source>
        <translation>{0} fertig</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="154" />
        <source>{0} done before</source>
        <translation>{0} schon fertig</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="155" />
        <source>{0} failed</source>
        <translation>{0} fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="156" />
        <source>{0} cancelled</source>
        <translation>{0} abgebrochen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="162" />
        <source>{0}, in {1}.</source>
        <translation>{0}, in {1}.</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="186" />
        <source>{0} of {1}, about {2} left</source>
        <translation>{0} von {1}, noch etwa {2}</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="188" />
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="195" />
        <source>{0}, the most accurate that comes with the program</source>
        <translation>{0}, das genaueste der mitgelieferten</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="197" />
        <source>Chosen in Settings; automatic there means the most accurate for files</source>
        <translation>In den Einstellungen gewählt; „automatisch“ heißt für Dateien: das genaueste</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="202" />
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="243" />
        <location filename="../panels/batch_window.py" line="202" />
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="217" />
        <source>Add files …</source>
        <translation>Dateien hinzufügen …</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="217" />
        <source>Videos and pictures (Ctrl+O)</source>
        <translation>Videos und Bilder (Strg+O)</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="221" />
        <source>Add folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="221" />
        <source>The videos in it, or its pictures as one</source>
        <translation>Die Videos darin, oder seine Bilder als ein Video</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="223" />
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="223" />
        <source>Take the selected rows out (Delete)</source>
        <translation>Die ausgewählten Zeilen entfernen (Entf)</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="224" />
        <source>Clear finished</source>
        <translation>Fertige entfernen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="224" />
        <source>Take out all that is done</source>
        <translation>Alles entfernen, was fertig ist</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="324" />
        <location filename="../panels/batch_window.py" line="227" />
        <location filename="../panels/batch_window.py" line="226" />
        <source>Folder for results</source>
        <translation>Ordner für Ergebnisse</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="227" />
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="228" />
        <source>Annotated video</source>
        <translation>Video mit Skeletten</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="228" />
        <source>A video with the skeletons drawn in</source>
        <translation>Ein Video, in das die Skelette gezeichnet sind</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="229" />
        <source>Joint angles</source>
        <translation>Gelenkwinkel</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="229" />
        <source>Columns with angles in degrees</source>
        <translation>Spalten mit Winkeln in Grad</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="230" />
        <source>Replace earlier results</source>
        <translation>Frühere Ergebnisse ersetzen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="230" />
        <source>Otherwise they are kept</source>
        <translation>Sonst bleiben sie erhalten</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="231" />
        <source>beginning</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="231" />
        <source>Annotate from this time on</source>
        <translation>Ab dieser Zeit auswerten</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="232" />
        <source>end</source>
        <translation>Ende</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="232" />
        <source>Annotate up to this time</source>
        <translation>Bis zu dieser Zeit auswerten</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="240" />
        <source>Progress of all files</source>
        <translation>Fortschritt aller Dateien</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="241" />
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="241" />
        <source>Show the results</source>
        <translation>Die Ergebnisse zeigen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="242" />
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="242" />
        <source>Stop; finished files are kept</source>
        <translation>Anhalten; fertige Dateien bleiben erhalten</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="243" />
        <source>Annotate the queue (Ctrl+Return)</source>
        <translation>Die Warteschlange auswerten (Strg+Eingabe)</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="254" />
        <source>Results in</source>
        <translation>Ergebnisse in</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="255" />
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="256" />
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="257" />
        <source>Part</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="300" />
        <source>Videos and pictures ({0})</source>
        <translation>Videos und Bilder ({0})</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="300" />
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="301" />
        <source>Add files</source>
        <translation>Dateien hinzufügen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="307" />
        <source>Add folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="332" />
        <source>There are no results yet.</source>
        <translation>Es gibt noch keine Ergebnisse.</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="356" />
        <source>Stop annotating?</source>
        <translation>Auswertung anhalten?</translation>
    </message>
    <message>
        <location filename="../panels/batch_window.py" line="357" />
        <source>Files are still being annotated. What is finished is kept; stop now?</source>
        <translation>Es werden noch Dateien ausgewertet. Was fertig ist, bleibt erhalten. Jetzt anhalten?</translation>
    </message>
</context><context>
    <name>CameraPreview</name>
    <message>
        <location filename="../cameras.py" line="113" />
        <source>This camera gives no picture.</source>
        <translation>Diese Kamera liefert kein Bild.</translation>
    </message>
</context><context>
    <name>Capture</name>
    <message>
        <location filename="../capture.py" line="151" />
        <source>The source stopped unexpectedly. Open it again, or choose another one.</source>
        <translation>Die Quelle ist unerwartet ausgefallen. Öffnen Sie sie erneut oder wählen Sie eine andere.</translation>
    </message>
    <message>
        <location filename="../capture.py" line="207" />
        <source>The picture broke off. Check the cable or the network; trying again …</source>
        <translation>Das Bild ist abgebrochen. Prüfen Sie Kabel oder Netzwerk; neuer Versuch …</translation>
    </message>
</context><context>
    <name>Docks</name>
    <message>
        <location filename="../docks.py" line="18" />
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <location filename="../docks.py" line="19" />
        <source>Plots</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <location filename="../docks.py" line="51" />
        <source>Put it in a window of its own, or back</source>
        <translation>In ein eigenes Fenster lösen oder zurück</translation>
    </message>
    <message>
        <location filename="../docks.py" line="51" />
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context><context>
    <name>Hud</name>
    <message>
        <location filename="../hud.py" line="81" />
        <source>capture</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <location filename="../hud.py" line="82" />
        <source>inference</source>
        <translation>Erkennung</translation>
    </message>
    <message>
        <location filename="../hud.py" line="83" />
        <source>display</source>
        <translation>Anzeige</translation>
    </message>
    <message>
        <location filename="../hud.py" line="84" />
        <source>latency</source>
        <translation>Verzögerung</translation>
    </message>
    <message>
        <location filename="../hud.py" line="85" />
        <source>dropped</source>
        <translation>ausgelassen</translation>
    </message>
    <message>
        <location filename="../hud.py" line="86" />
        <source>people</source>
        <translation>Personen</translation>
    </message>
    <message>
        <location filename="../hud.py" line="87" />
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../hud.py" line="87" />
        <source>loading …</source>
        <translation>wird geladen …</translation>
    </message>
    <message>
        <location filename="../hud.py" line="88" />
        <source>engine</source>
        <translation>Rechenwerk</translation>
    </message>
</context><context>
    <name>InferenceWorker</name>
    <message>
        <location filename="../workers.py" line="295" />
        <source>Finding people failed several times, so it is switched off. Choose another engine in Settings.</source>
        <translation>Die Erkennung ist mehrmals fehlgeschlagen und wurde abgeschaltet. Wählen Sie in den Einstellungen ein anderes Rechenwerk.</translation>
    </message>
    <message>
        <location filename="../workers.py" line="328" />
        <source>The recording was ended, because something unexpected went wrong ({0}).</source>
        <translation>Die Aufnahme wurde beendet, weil etwas Unerwartetes schiefging ({0}).</translation>
    </message>
</context><context>
    <name>Joints</name>
    <message>
        <location filename="../panels/joint_names.py" line="12" />
        <source>nose</source>
        <translation>Nase</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="13" />
        <source>left eye</source>
        <translation>linkes Auge</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="14" />
        <source>right eye</source>
        <translation>rechtes Auge</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="15" />
        <source>left ear</source>
        <translation>linkes Ohr</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="16" />
        <source>right ear</source>
        <translation>rechtes Ohr</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="17" />
        <source>left shoulder</source>
        <translation>linke Schulter</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="18" />
        <source>right shoulder</source>
        <translation>rechte Schulter</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="19" />
        <source>left elbow</source>
        <translation>linker Ellbogen</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="20" />
        <source>right elbow</source>
        <translation>rechter Ellbogen</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="21" />
        <source>left wrist</source>
        <translation>linkes Handgelenk</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="22" />
        <source>right wrist</source>
        <translation>rechtes Handgelenk</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="23" />
        <source>left hip</source>
        <translation>linke Hüfte</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="24" />
        <source>right hip</source>
        <translation>rechte Hüfte</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="25" />
        <source>left knee</source>
        <translation>linkes Knie</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="26" />
        <source>right knee</source>
        <translation>rechtes Knie</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="27" />
        <source>left ankle</source>
        <translation>linker Knöchel</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="28" />
        <source>right ankle</source>
        <translation>rechter Knöchel</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="29" />
        <source>head top</source>
        <translation>Scheitel</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="30" />
        <source>neck</source>
        <translation>Hals</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="31" />
        <source>trunk lean</source>
        <translation>Rumpfneigung</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="40" />
        <source>180° = straight leg</source>
        <translation>180° = gestrecktes Bein</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="41" />
        <source>between trunk and thigh, 180° = standing</source>
        <translation>zwischen Rumpf und Oberschenkel, 180° = stehend</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="42" />
        <source>180° = straight arm</source>
        <translation>180° = gestreckter Arm</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="43" />
        <source>between trunk and upper arm, 0° = hanging arm</source>
        <translation>zwischen Rumpf und Oberarm, 0° = hängender Arm</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="44" />
        <source>0° = upright, positive = to the right of the picture</source>
        <translation>0° = aufrecht, positiv = zur rechten Bildseite</translation>
    </message>
    <message>
        <location filename="../panels/joint_names.py" line="45" />
        <source>between trunk and head, 180° = in line</source>
        <translation>zwischen Rumpf und Kopf, 180° = in einer Linie</translation>
    </message>
</context><context>
    <name>MainWindow</name>
    <message>
        <location filename="../main_window.py" line="263" />
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <location filename="../main_window.py" line="265" />
        <source>Choose another …</source>
        <translation>Andere wählen …</translation>
    </message>
    <message>
        <location filename="../main_window.py" line="271" />
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../main_window.py" line="275" />
        <source>Folder for recordings …</source>
        <translation>Ordner für Aufnahmen …</translation>
    </message>
</context><context>
    <name>Menus</name>
    <message>
        <location filename="../menus.py" line="33" />
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <location filename="../menus.py" line="34" />
        <source>&amp;Playback</source>
        <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
        <location filename="../menus.py" line="35" />
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <location filename="../menus.py" line="36" />
        <source>P&amp;eople</source>
        <translation>&amp;Personen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="37" />
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <location filename="../menus.py" line="40" />
        <source>Open rece&amp;nt</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <location filename="../menus.py" line="65" />
        <source>&amp;Open video …</source>
        <translation>Video ö&amp;ffnen …</translation>
    </message>
    <message>
        <location filename="../menus.py" line="66" />
        <source>Open &amp;stream …</source>
        <translation>&amp;Stream öffnen …</translation>
    </message>
    <message>
        <location filename="../menus.py" line="67" />
        <source>Sample s&amp;cene</source>
        <translation>&amp;Beispielszene</translation>
    </message>
    <message>
        <location filename="../menus.py" line="68" />
        <source>Open &amp;again</source>
        <translation>&amp;Erneut öffnen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="69" />
        <source>Cameras and other so&amp;urces</source>
        <translation>&amp;Kameras und andere Quellen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="307" />
        <location filename="../menus.py" line="73" />
        <source>&amp;Record</source>
        <translation>&amp;Aufnehmen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="76" />
        <source>Save what is tracked as table and video</source>
        <translation>Das Verfolgte als Tabelle und Video speichern</translation>
    </message>
    <message>
        <location filename="../menus.py" line="78" />
        <source>&amp;Folder for recordings …</source>
        <translation>&amp;Ordner für Aufnahmen …</translation>
    </message>
    <message>
        <location filename="../menus.py" line="79" />
        <source>Open the recordings</source>
        <translation>Aufnah&amp;men öffnen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="83" />
        <source>&amp;Export this file …</source>
        <translation>Diese Datei e&amp;xportieren …</translation>
    </message>
    <message>
        <location filename="../menus.py" line="86" />
        <source>Analyse every frame and save table and video</source>
        <translation>Jedes Bild auswerten, Tabelle und Video speichern</translation>
    </message>
    <message>
        <location filename="../menus.py" line="88" />
        <source>&amp;Batch …</source>
        <translation>Stape&amp;lverarbeitung …</translation>
    </message>
    <message>
        <location filename="../menus.py" line="88" />
        <source>Analyse many files</source>
        <translation>Viele Dateien auswerten</translation>
    </message>
    <message>
        <location filename="../menus.py" line="91" />
        <source>&amp;Joint angles in tables</source>
        <translation>&amp;Gelenkwinkel in Tabellen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="95" />
        <source>Columns with angles in degrees, in recordings and exports</source>
        <translation>Spalten mit Winkeln in Grad, in Aufnahmen und Exporten</translation>
    </message>
    <message>
        <location filename="../menus.py" line="98" />
        <source>Se&amp;ttings …</source>
        <translation>E&amp;instellungen …</translation>
    </message>
    <message>
        <location filename="../menus.py" line="99" />
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
    </message>
    <message>
        <location filename="../menus.py" line="105" />
        <source>&amp;Play or pause</source>
        <translation>&amp;Abspielen oder anhalten</translation>
    </message>
    <message>
        <location filename="../menus.py" line="106" />
        <source>&amp;Forward one frame</source>
        <translation>Ein Bild &amp;vor</translation>
    </message>
    <message>
        <location filename="../menus.py" line="107" />
        <source>&amp;Back one frame</source>
        <translation>Ein Bild &amp;zurück</translation>
    </message>
    <message>
        <location filename="../menus.py" line="109" />
        <source>One second later</source>
        <translation>Eine Sekunde später</translation>
    </message>
    <message>
        <location filename="../menus.py" line="110" />
        <source>One second earlier</source>
        <translation>Eine Sekunde früher</translation>
    </message>
    <message>
        <location filename="../menus.py" line="112" />
        <source>Ten seconds later</source>
        <translation>Zehn Sekunden später</translation>
    </message>
    <message>
        <location filename="../menus.py" line="115" />
        <source>Ten seconds earlier</source>
        <translation>Zehn Sekunden früher</translation>
    </message>
    <message>
        <location filename="../menus.py" line="117" />
        <source>To the &amp;start</source>
        <translation>Zum An&amp;fang</translation>
    </message>
    <message>
        <location filename="../menus.py" line="118" />
        <source>To the e&amp;nd</source>
        <translation>Zum &amp;Ende</translation>
    </message>
    <message>
        <location filename="../menus.py" line="120" />
        <source>S&amp;lower</source>
        <translation>&amp;Langsamer</translation>
    </message>
    <message>
        <location filename="../menus.py" line="121" />
        <source>F&amp;aster</source>
        <translation>Schnelle&amp;r</translation>
    </message>
    <message>
        <location filename="../menus.py" line="122" />
        <source>L&amp;oop</source>
        <translation>&amp;Schleife</translation>
    </message>
    <message>
        <location filename="../menus.py" line="124" />
        <source>Set &amp;in point</source>
        <translation>Anfangs&amp;punkt setzen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="125" />
        <source>Set o&amp;ut point</source>
        <translation>En&amp;dpunkt setzen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="126" />
        <source>&amp;Clear in and out points</source>
        <translation>Punkte lös&amp;chen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="139" />
        <source>&amp;Figures</source>
        <translation>&amp;Messwerte</translation>
    </message>
    <message>
        <location filename="../menus.py" line="143" />
        <source>Rates, latency, dropped frames, device</source>
        <translation>Bildraten, Verzögerung, ausgelassene Bilder, Gerät</translation>
    </message>
    <message>
        <location filename="../menus.py" line="146" />
        <source>&amp;Skeletons</source>
        <translation>&amp;Skelette</translation>
    </message>
    <message>
        <location filename="../menus.py" line="147" />
        <source>&amp;Names</source>
        <translation>&amp;Namen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="148" />
        <source>&amp;Boxes</source>
        <translation>&amp;Rahmen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="149" />
        <source>&amp;Trails</source>
        <translation>S&amp;puren</translation>
    </message>
    <message>
        <location filename="../menus.py" line="152" />
        <source>&amp;Heatmap</source>
        <translation>&amp;Heatmap</translation>
    </message>
    <message>
        <location filename="../menus.py" line="156" />
        <source>What the network sees; halves the speed</source>
        <translation>Was das Netz sieht; halbiert die Geschwindigkeit</translation>
    </message>
    <message>
        <location filename="../menus.py" line="161" />
        <source>One colour per &amp;person</source>
        <translation>&amp;Eine Farbe je Person</translation>
    </message>
    <message>
        <location filename="../menus.py" line="168" />
        <source>&amp;Left green, right orange</source>
        <translation>&amp;Links grün, rechts orange</translation>
    </message>
    <message>
        <location filename="../menus.py" line="176" />
        <source>Skeletons &amp;only</source>
        <translation>N&amp;ur Skelette</translation>
    </message>
    <message>
        <location filename="../menus.py" line="180" />
        <source>Hides the picture</source>
        <translation>Verbirgt das Bild</translation>
    </message>
    <message>
        <location filename="../menus.py" line="184" />
        <source>Blur f&amp;aces</source>
        <translation>&amp;Gesichter verwischen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="188" />
        <source>Of the people who are found</source>
        <translation>Der Personen, die gefunden werden</translation>
    </message>
    <message>
        <location filename="../menus.py" line="190" />
        <source>&amp;Mirror live pictures</source>
        <translation>Live-Bilder sp&amp;iegeln</translation>
    </message>
    <message>
        <location filename="../menus.py" line="192" />
        <source>Zoom &amp;in</source>
        <translation>&amp;Vergrößern</translation>
    </message>
    <message>
        <location filename="../menus.py" line="193" />
        <source>Zoom o&amp;ut</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <location filename="../menus.py" line="194" />
        <source>&amp;Whole picture</source>
        <translation>Gan&amp;zes Bild</translation>
    </message>
    <message>
        <location filename="../menus.py" line="196" />
        <source>P&amp;eople panel</source>
        <translation>Pers&amp;onenliste</translation>
    </message>
    <message>
        <location filename="../menus.py" line="197" />
        <source>Plots pane&amp;l</source>
        <translation>&amp;Kurven</translation>
    </message>
    <message>
        <location filename="../menus.py" line="198" />
        <source>F&amp;ull screen</source>
        <translation>Voll&amp;bild</translation>
    </message>
    <message>
        <location filename="../menus.py" line="202" />
        <source>Theme of the s&amp;ystem</source>
        <translation>Farben des S&amp;ystems</translation>
    </message>
    <message>
        <location filename="../menus.py" line="209" />
        <source>Li&amp;ght theme</source>
        <translation>Helle &amp;Farben</translation>
    </message>
    <message>
        <location filename="../menus.py" line="216" />
        <source>&amp;Dark theme</source>
        <translation>&amp;Dunkle Farben</translation>
    </message>
    <message>
        <location filename="../menus.py" line="226" />
        <source>Lock on the &amp;next person</source>
        <translation>&amp;Nächster Person folgen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="227" />
        <source>Lock on the &amp;largest</source>
        <translation>&amp;Größter Person folgen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="228" />
        <source>Lock on the most &amp;central</source>
        <translation>Person in der &amp;Mitte folgen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="229" />
        <source>&amp;Unlock</source>
        <translation>Nicht mehr &amp;folgen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="231" />
        <source>Go to the &amp;list</source>
        <translation>Zur &amp;Liste</translation>
    </message>
    <message>
        <location filename="../menus.py" line="232" />
        <source>Go to the &amp;picture</source>
        <translation>Zum &amp;Bild</translation>
    </message>
    <message>
        <location filename="../menus.py" line="238" />
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <location filename="../menus.py" line="239" />
        <source>&amp;About</source>
        <translation>Ü&amp;ber</translation>
    </message>
    <message>
        <location filename="../menus.py" line="307" />
        <source>Stop &amp;recording</source>
        <translation>&amp;Aufnahme beenden</translation>
    </message>
    <message>
        <location filename="../menus.py" line="350" />
        <source>Forget all</source>
        <translation>Alle vergessen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="356" />
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <location filename="../menus.py" line="357" />
        <source>Wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <location filename="../menus.py" line="357" />
        <source>Zoom</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <location filename="../menus.py" line="358" />
        <source>Drag</source>
        <translation>Ziehen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="358" />
        <source>Move the picture</source>
        <translation>Das Bild verschieben</translation>
    </message>
    <message>
        <location filename="../menus.py" line="359" />
        <source>Click</source>
        <translation>Klick</translation>
    </message>
    <message>
        <location filename="../menus.py" line="359" />
        <source>Lock on a person</source>
        <translation>Einer Person folgen</translation>
    </message>
    <message>
        <location filename="../menus.py" line="360" />
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <location filename="../menus.py" line="360" />
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
</context><context>
    <name>ModelBuilder</name>
    <message>
        <location filename="../backend.py" line="52" />
        <source>Finding the best model for this machine, once: {0} …</source>
        <translation>Das beste Modell für diesen Rechner wird gesucht, einmalig: {0} …</translation>
    </message>
    <message>
        <location filename="../backend.py" line="62" />
        <source>The graphics memory is full, so the model runs on the processor, which is slower. Close other programs, or choose a smaller model or input size in Settings.</source>
        <translation>Der Grafikspeicher ist voll, daher läuft das Modell auf dem Prozessor, der langsamer ist. Schließen Sie andere Programme oder wählen Sie in den Einstellungen ein kleineres Modell oder eine kleinere Eingabegröße.</translation>
    </message>
</context><context>
    <name>ModelList</name>
    <message>
        <location filename="../panels/model_list.py" line="44" />
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="44" />
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="44" />
        <source>Speed here</source>
        <translation>Tempo hier</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="45" />
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="58" />
        <source>Measure speeds</source>
        <translation>Tempo messen</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="59" />
        <source>Run each model for about a second; truest while nothing else runs</source>
        <translation>Jedes Modell etwa eine Sekunde laufen lassen; am treffendsten, wenn sonst nichts läuft</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="61" />
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="62" />
        <source>Add an official LitePose checkpoint or a weights file</source>
        <translation>Eine offizielle LitePose-Datei oder eine Gewichtsdatei hinzufügen</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="94" />
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="94" />
        <source>best that keeps 20 fps</source>
        <translation>bestes mit 20 Bildern/s</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="98" />
        <source>{0} fps at {1} px</source>
        <translation>{0} Bilder/s bei {1} px</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="161" />
        <location filename="../panels/model_list.py" line="98" />
        <source>not measured yet</source>
        <translation>noch nicht gemessen</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="101" />
        <source>a file of its own</source>
        <translation>eigene Datei</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="132" />
        <source>Measuring …</source>
        <translation>Messung läuft …</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="136" />
        <source>Measuring {0} …</source>
        <translation>{0} wird gemessen …</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="140" />
        <source>Measured on a picture of 1280 × 720.</source>
        <translation>Gemessen an einem Bild mit 1280 × 720 Pixeln.</translation>
    </message>
    <message>
        <location filename="../panels/model_list.py" line="164" />
        <source>now {0}, {1} fps at {2} px</source>
        <translation>jetzt {0}, {1} Bilder/s bei {2} px</translation>
    </message>
</context><context>
    <name>ModelLoader</name>
    <message>
        <location filename="../workers.py" line="130" />
        <source>There is not enough memory for this model. Choose a smaller model or input size.</source>
        <translation>Der Speicher reicht für dieses Modell nicht. Wählen Sie ein kleineres Modell oder eine kleinere Eingabegröße.</translation>
    </message>
    <message>
        <location filename="../workers.py" line="131" />
        <source>The model could not be loaded. Choose another model or engine in Settings.</source>
        <translation>Das Modell konnte nicht geladen werden. Wählen Sie in den Einstellungen ein anderes Modell oder Rechenwerk.</translation>
    </message>
</context><context>
    <name>ModelManager</name>
    <message>
        <location filename="../panels/model_manager.py" line="38" />
        <source>Import a model</source>
        <translation>Ein Modell importieren</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="45" />
        <source>Official LitePose checkpoints (.pth) and weights files (.safetensors). Drop one here or choose it.</source>
        <translation>Offizielle LitePose-Dateien (.pth) und Gewichtsdateien (.safetensors). Eine hierher ziehen oder auswählen.</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="51" />
        <source>No file chosen</source>
        <translation>Keine Datei gewählt</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="54" />
        <source>Choose file …</source>
        <translation>Datei wählen …</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="55" />
        <source>Read a file and show what it is; nothing is installed yet</source>
        <translation>Eine Datei lesen und zeigen, was sie ist; installiert wird noch nichts</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="69" />
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="70" />
        <source>Joints</source>
        <translation>Gelenke</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="71" />
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="72" />
        <source>Source</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="73" />
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="74" />
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="77" />
        <source>Up to 64 lower-case letters, digits, dots, hyphens and underscores</source>
        <translation>Bis zu 64 Kleinbuchstaben, Ziffern, Punkte, Bindestriche und Unterstriche</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="79" />
        <source>Install as</source>
        <translation>Installieren als</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="85" />
        <source>Install</source>
        <translation>Installieren</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="86" />
        <source>Keep a checked copy for this program</source>
        <translation>Eine geprüfte Kopie für dieses Programm behalten</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="109" />
        <source>Checking the file …</source>
        <translation>Die Datei wird geprüft …</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="118" />
        <source>Installing …</source>
        <translation>Wird installiert …</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="134" />
        <source>unknown: not an official release that this program knows</source>
        <translation>unbekannt: keine offizielle Ausgabe, die dieses Programm kennt</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="136" />
        <source>{0}, {1} px, {2} parameters</source>
        <translation>{0}, {1} px, {2} Parameter</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="146" />
        <source>The file is a complete LitePose network.</source>
        <translation>Die Datei ist ein vollständiges LitePose-Netz.</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="160" />
        <source>Installed as {0}.</source>
        <translation>Als {0} installiert.</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="186" />
        <source>Checkpoints (*.pth *.pt *.safetensors)</source>
        <translation>Modelldateien (*.pth *.pt *.safetensors)</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="186" />
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../panels/model_manager.py" line="187" />
        <source>Choose a checkpoint</source>
        <translation>Modelldatei wählen</translation>
    </message>
</context><context>
    <name>PeopleModel</name>
    <message>
        <location filename="../panels/people_model.py" line="191" />
        <source>Person</source>
        <translation>Person</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="191" />
        <source>Seen</source>
        <translation>Gesehen</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="191" />
        <source>Score</source>
        <translation>Güte</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="194" />
        <source>Tick: shown in the picture. F2: rename. Enter or double click: lock</source>
        <translation>Häkchen: im Bild gezeigt. F2: umbenennen. Eingabe oder Doppelklick: folgen</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="195" />
        <source>Time this person was in the picture</source>
        <translation>Zeit, die diese Person im Bild war</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="196" />
        <source>Mean confidence of this person's pose</source>
        <translation>Mittlere Sicherheit der Haltung dieser Person</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="268" />
        <source>Person {0}</source>
        <translation>Person {0}</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="272" />
        <source>identity {0} in files</source>
        <translation>in Dateien Nummer {0}</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="273" />
        <source>in the picture</source>
        <translation>im Bild</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="273" />
        <source>not in the picture now</source>
        <translation>zurzeit nicht im Bild</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="276" />
        <source>locked</source>
        <translation>wird verfolgt</translation>
    </message>
    <message>
        <location filename="../panels/people_model.py" line="278" />
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
</context><context>
    <name>PeoplePanel</name>
    <message>
        <location filename="../panels/people_panel.py" line="57" />
        <source>Follow the selected person with view and plots (Enter)</source>
        <translation>Der ausgewählten Person mit Bild und Kurven folgen (Eingabe)</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="59" />
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="60" />
        <source>Give the selected person a name (F2)</source>
        <translation>Der ausgewählten Person einen Namen geben (F2)</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="62" />
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="63" />
        <source>Show every person in the picture again</source>
        <translation>Wieder alle Personen im Bild zeigen</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="117" />
        <source>Nobody seen yet</source>
        <translation>Noch niemand gesehen</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="119" />
        <source>{0} in the picture, {1} in all</source>
        <translation>{0} im Bild, {1} insgesamt</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="127" />
        <source>Lock or release</source>
        <translation>Folgen oder freigeben</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="129" />
        <source>Rename …</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="131" />
        <source>Show or hide</source>
        <translation>Zeigen oder verbergen</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="133" />
        <source>Sort by {0}</source>
        <translation>Nach {0} ordnen</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="167" />
        <source>Release</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <location filename="../panels/people_panel.py" line="167" />
        <source>Lock</source>
        <translation>Folgen</translation>
    </message>
</context><context>
    <name>PlotPanel</name>
    <message>
        <location filename="../panels/plot_panel.py" line="278" />
        <location filename="../panels/plot_panel.py" line="64" />
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="66" />
        <source>Choose up to {0} angles and coordinates</source>
        <translation>Bis zu {0} Winkel und Koordinaten wählen</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="71" />
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="74" />
        <location filename="../panels/plot_panel.py" line="73" />
        <source>Seconds shown</source>
        <translation>Gezeigte Sekunden</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="81" />
        <source>Curves and their newest values</source>
        <translation>Kurven und ihre neuesten Werte</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="82" />
        <source>angle (°)</source>
        <translation>Winkel (°)</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="83" />
        <source>position (px)</source>
        <translation>Position (px)</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="84" />
        <source>Joint angles over time</source>
        <translation>Gelenkwinkel im Zeitverlauf</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="85" />
        <source>Keypoint coordinates over time</source>
        <translation>Koordinaten der Gelenke im Zeitverlauf</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="87" />
        <source>time (s)</source>
        <translation>Zeit (s)</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="196" />
        <source>Person {0}</source>
        <translation>Person {0}</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="196" />
        <source>Person {0}, not seen now</source>
        <translation>Person {0}, zurzeit nicht zu sehen</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="218" />
        <source>No curve chosen</source>
        <translation>Keine Kurve gewählt</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="264" />
        <source>Lock a person to see how joint angles and positions change.</source>
        <translation>Folgen Sie einer Person, um den Verlauf ihrer Gelenkwinkel und Positionen zu sehen.</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="282" />
        <source>Across the picture (x)</source>
        <translation>Quer im Bild (x)</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="282" />
        <source>Down the picture (y)</source>
        <translation>Abwärts im Bild (y)</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="286" />
        <source>in pixels of the picture</source>
        <translation>in Pixeln des Bildes</translation>
    </message>
    <message>
        <location filename="../panels/plot_panel.py" line="288" />
        <source>No curves</source>
        <translation>Keine Kurven</translation>
    </message>
</context><context>
    <name>Recording</name>
    <message>
        <location filename="../recording.py" line="72" />
        <source>The model's joints have changed, so the recording was ended. Start a new one to go on.</source>
        <translation>Die Gelenke des Modells haben sich geändert, daher wurde die Aufnahme beendet. Starten Sie eine neue, um fortzufahren.</translation>
    </message>
    <message>
        <location filename="../recording.py" line="95" />
        <source>Nothing was recorded: no picture had come yet.</source>
        <translation>Es wurde nichts aufgenommen: Es war noch kein Bild gekommen.</translation>
    </message>
    <message>
        <location filename="../recording.py" line="143" />
        <source>The disk is full, so the recording was ended; what was recorded is saved. Free some space first.</source>
        <translation>Der Datenträger ist voll, daher wurde die Aufnahme beendet; das Aufgenommene ist gespeichert. Schaffen Sie zuerst Platz.</translation>
    </message>
    <message>
        <location filename="../recording.py" line="151" />
        <source>The recording cannot be saved in {folder} ({reason}). Choose another folder.</source>
        <translation>Die Aufnahme kann nicht in {folder} gespeichert werden ({reason}). Wählen Sie einen anderen Ordner.</translation>
    </message>
</context><context>
    <name>Session</name>
    <message>
        <location filename="../session.py" line="103" />
        <location filename="../session_state.py" line="69" />
        <source>Opening …</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <location filename="../session_state.py" line="71" />
        <source>Waiting for the next picture …</source>
        <translation>Warten auf das nächste Bild …</translation>
    </message>
    <message>
        <location filename="../session_state.py" line="76" />
        <source>Loading the model …</source>
        <translation>Das Modell wird geladen …</translation>
    </message>
    <message>
        <location filename="../session.py" line="281" />
        <source>none</source>
        <translation>keins</translation>
    </message>
    <message>
        <location filename="../session.py" line="351" />
        <source>The memory of {device} is full, so the processor takes over and everything is slower. Close other programs, or choose a smaller model or input size in Settings.</source>
        <translation>Der Speicher von {device} ist voll, daher übernimmt der Prozessor und alles wird langsamer. Schließen Sie andere Programme oder wählen Sie in den Einstellungen ein kleineres Modell oder eine kleinere Eingabegröße.</translation>
    </message>
    <message>
        <location filename="../session.py" line="377" />
        <source>The recording is saved.</source>
        <translation>Die Aufnahme ist gespeichert.</translation>
    </message>
    <message>
        <location filename="../session.py" line="381" />
        <source>This part is recorded already; the recording goes on where it was.</source>
        <translation>Dieser Teil ist schon aufgezeichnet; die Aufzeichnung geht dort weiter, wo sie war.</translation>
    </message>
</context><context>
    <name>Settings</name>
    <message>
        <location filename="../panels/settings_fields.py" line="105" />
        <location filename="../panels/settings_fields.py" line="57" />
        <location filename="../panels/settings_fields.py" line="52" />
        <location filename="../panels/settings_fields.py" line="46" />
        <location filename="../panels/settings_fields.py" line="44" />
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="47" />
        <source>processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="48" />
        <source>NVIDIA graphics</source>
        <translation>NVIDIA-Grafik</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="49" />
        <source>Apple graphics</source>
        <translation>Apple-Grafik</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="59" />
        <source>short side: more detail</source>
        <translation>kurze Seite: mehr Einzelheiten</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="60" />
        <source>long side: quicker</source>
        <translation>lange Seite: schneller</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="65" />
        <source>Input size</source>
        <translation>Eingabegröße</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="66" />
        <source>Pixels that the network sees: fewer are quicker, more find smaller people; automatic suits the model</source>
        <translation>Pixel, die das Netz sieht: weniger sind schneller, mehr finden kleinere Personen; „automatisch“ passt zum Modell</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="74" />
        <source>Counted along</source>
        <translation>Gezählt entlang</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="75" />
        <source>The side of the picture that gets the input size</source>
        <translation>Die Seite des Bildes, die die Eingabegröße bekommt</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="80" />
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="81" />
        <source>Where the network runs</source>
        <translation>Wo das Netz läuft</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="86" />
        <source>Engine</source>
        <translation>Rechenwerk</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="87" />
        <source>The program that runs the network</source>
        <translation>Das Programm, das das Netz ausführt</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="92" />
        <source>Precision</source>
        <translation>Zahlenformat</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="93" />
        <source>16 bits are quicker where the device supports them; automatic checks the result</source>
        <translation>16 Bit sind schneller, wo das Gerät sie beherrscht; „automatisch“ prüft das Ergebnis</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="98" />
        <source>Look twice, mirrored too (half the speed)</source>
        <translation>Zweimal hinsehen, auch gespiegelt (halbes Tempo)</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="99" />
        <source>Average with the mirrored picture: a little more accurate</source>
        <translation>Mit dem gespiegelten Bild mitteln: etwas genauer</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="107" />
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="108" />
        <source>live, with little delay</source>
        <translation>live, mit wenig Verzögerung</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="109" />
        <source>in files only, without delay</source>
        <translation>nur in Dateien, ohne Verzögerung</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="114" />
        <source>Joint threshold</source>
        <translation>Schwelle für Gelenke</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="115" />
        <source>Joints less certain than this are not used; automatic suits the model</source>
        <translation>Unsicherere Gelenke werden nicht verwendet; automatisch passt zum Modell</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="120" />
        <source>Person threshold</source>
        <translation>Schwelle für Personen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="121" />
        <source>People less certain than this are left out</source>
        <translation>Unsicherere Personen werden weggelassen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="126" />
        <source>Most people</source>
        <translation>Höchstens Personen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="127" />
        <source>The most certain so many people are kept in each frame</source>
        <translation>So viele der sichersten Personen werden in jedem Bild behalten</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="132" />
        <source>Search for missing joints</source>
        <translation>Fehlende Gelenke suchen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="133" />
        <source>Look again for joints that were missed at first</source>
        <translation>Nach zunächst übersehenen Gelenken noch einmal suchen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="137" />
        <source>New person from</source>
        <translation>Neue Person ab</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="138" />
        <source>People less certain than this do not get an identity of their own</source>
        <translation>Unsicherere Personen bekommen keine eigene Nummer</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="143" />
        <source>Remember hidden people</source>
        <translation>Verdeckte Personen merken</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="144" />
        <source>Somebody unseen for longer gets a new identity</source>
        <translation>Wer länger nicht zu sehen ist, bekommt eine neue Nummer</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="149" />
        <source>Show where hidden people should be</source>
        <translation>Zeigen, wo verdeckte Personen sein müssten</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="150" />
        <source>Show and save the expected position of people who are hidden for the moment</source>
        <translation>Die erwartete Position vorübergehend verdeckter Personen zeigen und speichern</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="154" />
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="155" />
        <source>Calms trembling joints</source>
        <translation>Beruhigt zitternde Gelenke</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="160" />
        <source>Smoothing cutoff</source>
        <translation>Grenzfrequenz</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="161" />
        <source>Of live smoothing: lower is calmer and later</source>
        <translation>Der Glättung bei Live-Bildern: niedriger ist ruhiger und später</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="169" />
        <source>one per person</source>
        <translation>eine je Person</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="170" />
        <source>left green, right orange</source>
        <translation>links grün, rechts orange</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="173" />
        <source>the picture</source>
        <translation>das Bild</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="174" />
        <source>plain: skeletons only</source>
        <translation>leer: nur Skelette</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="179" />
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="180" />
        <source>Of skeletons</source>
        <translation>Der Skelette</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="185" />
        <source>Background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="186" />
        <source>Plain hides everything but the skeletons</source>
        <translation>„Leer“ verbirgt alles außer den Skeletten</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="191" />
        <source>Line thickness</source>
        <translation>Linienstärke</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="192" />
        <source>Times the usual one</source>
        <translation>Vielfaches der üblichen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="197" />
        <source>Draw joints from</source>
        <translation>Gelenke zeichnen ab</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="198" />
        <source>Joints less certain than this are not drawn</source>
        <translation>Unsicherere Gelenke werden nicht gezeichnet</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="201" />
        <source>Skeletons</source>
        <translation>Skelette</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="201" />
        <source>Lines and joints</source>
        <translation>Linien und Gelenke</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="202" />
        <source>Boxes</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="202" />
        <source>A frame around each person</source>
        <translation>Ein Rahmen um jede Person</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="203" />
        <source>Labels</source>
        <translation>Namen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="203" />
        <source>Names or numbers of people</source>
        <translation>Namen oder Nummern der Personen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="206" />
        <source>Trails</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="207" />
        <source>Where each person was during the last second</source>
        <translation>Wo jede Person in der letzten Sekunde war</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="211" />
        <source>Blur faces</source>
        <translation>Gesichter verwischen</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="212" />
        <source>Faces of people who are found become unrecognisable</source>
        <translation>Gesichter der gefundenen Personen werden unkenntlich</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="215" />
        <source>Mirror the live picture</source>
        <translation>Das Live-Bild spiegeln</translation>
    </message>
    <message>
        <location filename="../panels/settings_fields.py" line="215" />
        <source>Cameras only</source>
        <translation>Nur bei Kameras</translation>
    </message>
</context><context>
    <name>SettingsDialog</name>
    <message>
        <location filename="../panels/settings_dialog.py" line="50" />
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="73" />
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="74" />
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="75" />
        <source>Drawing</source>
        <translation>Zeichnung</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="79" />
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="80" />
        <source>Set everything back to how it came</source>
        <translation>Alles auf den Anfangszustand zurücksetzen</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="197" />
        <location filename="../panels/settings_dialog.py" line="176" />
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="194" />
        <source>as the desktop</source>
        <translation>wie die Arbeitsfläche</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="194" />
        <source>light</source>
        <translation>hell</translation>
    </message>
    <message>
        <location filename="../panels/settings_dialog.py" line="194" />
        <source>dark</source>
        <translation>dunkel</translation>
    </message>
</context><context>
    <name>ShortcutSheet</name>
    <message>
        <location filename="../shortcuts.py" line="32" />
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
</context><context>
    <name>SourcePicker</name>
    <message>
        <location filename="../source_picker.py" line="56" />
        <source>What do you want to look at?</source>
        <translation>Was möchten Sie ansehen?</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="63" />
        <source>Open video …</source>
        <translation>Video öffnen …</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="63" />
        <source>A video or picture file (Ctrl+O)</source>
        <translation>Eine Video- oder Bilddatei (Strg+O)</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="67" />
        <source>Sample scene</source>
        <translation>Beispielszene</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="67" />
        <source>Rendered people walking about: works without camera and video</source>
        <translation>Gezeichnete Personen, die umhergehen: geht ohne Kamera und Video</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="75" />
        <source>Cameras</source>
        <translation>Kameras</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="76" />
        <source>Look again</source>
        <translation>Neu suchen</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="77" />
        <source>Look for cameras again (F5)</source>
        <translation>Noch einmal nach Kameras suchen (F5)</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="85" />
        <source>No camera was found. Connect one and look again, or check that this program may use it.</source>
        <translation>Es wurde keine Kamera gefunden. Schließen Sie eine an und suchen Sie neu, oder prüfen Sie, ob dieses Programm sie verwenden darf.</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="93" />
        <source>Address of a stream</source>
        <translation>Adresse eines Streams</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="96" />
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="97" />
        <source>Show the stream at this address (Enter)</source>
        <translation>Den Stream an dieser Adresse zeigen (Enter)</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="103" />
        <source>Recent</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="105" />
        <source>Recent sources</source>
        <translation>Zuletzt geöffnete Quellen</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="116" />
        <source>Choose below, or drop a video anywhere on this window.</source>
        <translation>Unten auswählen oder ein Video irgendwo auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="126" />
        <source>Stream</source>
        <translation>Stream</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="226" />
        <source>{name} (camera {index})</source>
        <translation>{name} (Kamera {index})</translation>
    </message>
    <message>
        <location filename="../source_picker.py" line="245" />
        <source>{name} (no picture)</source>
        <translation>{name} (kein Bild)</translation>
    </message>
</context><context>
    <name>Task</name>
    <message>
        <location filename="../panels/task.py" line="51" />
        <source>There is not enough memory for this.</source>
        <translation>Dafür reicht der Speicher nicht.</translation>
    </message>
    <message>
        <location filename="../panels/task.py" line="53" />
        <source>This needs {0}, which is not installed here.</source>
        <translation>Dafür wird {0} gebraucht, das hier nicht installiert ist.</translation>
    </message>
    <message>
        <location filename="../panels/task.py" line="56" />
        <source>This failed unexpectedly ({0}).</source>
        <translation>Das ist unerwartet fehlgeschlagen ({0}).</translation>
    </message>
</context><context>
    <name>Timeline</name>
    <message>
        <location filename="../timeline.py" line="46" />
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <location filename="../timeline.py" line="47" />
        <source>Left and right arrows seek by a second, page keys by ten</source>
        <translation>Pfeile links und rechts springen um eine Sekunde, Bildtasten um zehn</translation>
    </message>
</context><context>
    <name>Tools</name>
    <message>
        <location filename="../tools.py" line="111" />
        <source>Folder for recordings</source>
        <translation>Ordner für Aufnahmen</translation>
    </message>
    <message>
        <location filename="../tools.py" line="124" />
        <source>Open a video or picture</source>
        <translation>Ein Video oder Bild öffnen</translation>
    </message>
    <message>
        <location filename="../tools.py" line="126" />
        <source>Videos and pictures ({patterns})</source>
        <translation>Videos und Bilder ({patterns})</translation>
    </message>
    <message>
        <location filename="../tools.py" line="126" />
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../tools.py" line="138" />
        <source>About LitePose Studio</source>
        <translation>Über LitePose Studio</translation>
    </message>
    <message>
        <location filename="../tools.py" line="139" />
        <source>LitePose Studio

Finds and follows people in videos and live pictures, on this machine alone.</source>
        <translation>LitePose Studio

Findet und verfolgt Personen in Videos und Live-Bildern, allein auf diesem Rechner.</translation>
    </message>
</context><context>
    <name>Transport</name>
    <message>
        <location filename="../transport.py" line="53" />
        <source>Back one frame (,)</source>
        <translation>Ein Bild zurück (,)</translation>
    </message>
    <message>
        <location filename="../transport.py" line="54" />
        <source>Play or pause (Space)</source>
        <translation>Abspielen oder anhalten (Leertaste)</translation>
    </message>
    <message>
        <location filename="../transport.py" line="55" />
        <source>Forward one frame (.)</source>
        <translation>Ein Bild vor (.)</translation>
    </message>
    <message>
        <location filename="../transport.py" line="56" />
        <source>Play in a loop (L)</source>
        <translation>In einer Schleife abspielen (L)</translation>
    </message>
    <message>
        <location filename="../transport.py" line="68" />
        <source>LIVE</source>
        <translation>LIVE</translation>
    </message>
    <message>
        <location filename="../transport.py" line="77" />
        <source>Playing speed ([ slower, ] faster)</source>
        <translation>Wiedergabetempo ([ langsamer, ] schneller)</translation>
    </message>
    <message>
        <location filename="../transport.py" line="78" />
        <source>Playing speed</source>
        <translation>Wiedergabetempo</translation>
    </message>
</context><context>
    <name>VideoView</name>
    <message>
        <location filename="../video_view.py" line="55" />
        <source>Video picture</source>
        <translation>Videobild</translation>
    </message>
</context><context>
    <name>_PeopleView</name>
    <message>
        <location filename="../panels/people_panel.py" line="180" />
        <source>People</source>
        <translation>Personen</translation>
    </message>
</context></TS>
